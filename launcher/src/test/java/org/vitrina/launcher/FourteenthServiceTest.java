package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.launcher.generate.GeneratedFiles;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** A service more is a folder more: a copy of favorites with another name and port, in a copy of this project's lists. */
class FourteenthServiceTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path tree = Path.of("");

    @BeforeEach
    void copyFavoritesAsWishes() throws IOException {
        for (String file : List.of(
                "vitrina",
                "launcher/services.sh",
                "pom.xml",
                "charts/pom.xml",
                "charts/vitrina/values.yaml",
                "docker-compose.yaml",
                ".env.example",
                "README.md")) {
            copy(PROJECT.resolve(file), tree.resolve(file));
        }
        for (ServiceSpec service : Services.of(PROJECT).all()) {
            String description = "services/" + service.name() + "/service.yaml";
            copy(PROJECT.resolve(description), tree.resolve(description));
        }
        Path wishes = tree.resolve("services/wishes");
        copyFolder(PROJECT.resolve("services/favorites"), wishes);
        Path description = wishes.resolve("service.yaml");
        Files.writeString(
                description,
                Files.readString(description).replace("favorites", "wishes").replace("8002", "8040"));
    }

    @Test
    void isStartedByItsName() {
        assertThat(Services.of(tree).partNames()).contains("wishes").hasSize(3 + 15);
        assertThat(Stack.builder(tree).only("wishes")).isNotNull();
        assertThat(Services.of(tree).named("wishes").orElseThrow().httpPort()).isEqualTo(8040);
    }

    @Test
    void standsInTheHelpAndIsBuilt() throws Exception {
        assertThat(bash("./vitrina up --help").replaceAll("\\s+", " "))
                .contains("--only a,b", " wishes, ", ", wishes 8040, ");
        assertThat(bash("ROOT=$PWD; . launcher/services.sh; service_names | paste -sd ' '"))
                .isEqualTo(
                        "products inventory favorites cart orders wallet notifications predictions features model metrics"
                                + " registry sms-gateway wishes bff\n");
    }

    @Test
    void isInTheTrainingListOfTheLocalRunAndOfTheImages() throws Exception {
        assertThat(TrainingRequests.of(Services.of(tree)))
                .contains(
                        new TrainingRequests.Question("wishes", "/users/1/wishes"),
                        new TrainingRequests.Question("favorites", "/users/1/favorites"));
        assertThat(bash("ROOT=$PWD; . launcher/services.sh; service_items wishes questions"))
                .isEqualTo("/users/1/wishes\n");
    }

    @Test
    void isInEveryGeneratedList() throws IOException {
        GeneratedFiles generated = GeneratedFiles.of(tree, Services.of(tree));

        assertThat(generated.write())
                .containsExactlyInAnyOrder(
                        "pom.xml", "charts/pom.xml", "docker-compose.yaml", ".env.example", "README.md");

        assertThat(generated.stale()).isEmpty();
        assertThat(tree.resolve("pom.xml")).content().contains("<module>services/wishes</module>");
        assertThat(tree.resolve("charts/pom.xml")).content().contains("<artifactId>vitrina-wishes</artifactId>");
        assertThat(tree.resolve("README.md"))
                .content()
                .contains("| wishes | [8040](http://localhost:8040/q/swagger-ui) | 18040 | ");
        assertThat(tree.resolve("docker-compose.yaml"))
                .content()
                .contains(
                        "\n  wishes:\n    <<: *service\n    image: vitrina/wishes:",
                        "ports: [\"127.0.0.1:8040:8080\"]",
                        "QUARKUS_DATASOURCE_REACTIVE_URL: postgresql://postgres:5432/wishes",
                        "\n  migrate-wishes:\n",
                        " wishes; do");
    }

    private String bash(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-euc", script)
                .directory(tree.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(from)) {
            found.filter(Files::isRegularFile)
                    .filter(file -> !from.relativize(file).startsWith("target"))
                    .forEach(files::add);
        }
        for (Path file : files) {
            copy(file, to.resolve(from.relativize(file)));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        Files.copy(from, to);
    }
}
