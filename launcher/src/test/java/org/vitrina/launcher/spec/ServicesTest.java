package org.vitrina.launcher.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The services of this project, as they describe themselves. */
class ServicesTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Services SERVICES = Services.of(PROJECT);

    @Test
    void noTwoPartsSharePorts() {
        assertThat(Stream.concat(
                                SERVICES.all().stream()
                                        .flatMap(service -> Stream.of(service.httpPort(), service.managementPort())),
                                Stream.of(Server.values()).map(Server::port))
                        .toList())
                .hasSize(2 * SERVICES.all().size() + 3)
                .doesNotHaveDuplicates();
    }

    @Test
    void whoIsCalledComesBeforeItsCallers() {
        List<String> before = new ArrayList<>();
        for (ServiceSpec service : SERVICES.all()) {
            assertThat(before).as(service.name()).containsAll(service.calls());
            before.add(service.name());
        }
        assertThat(before).doesNotHaveDuplicates().endsWith("bff");
    }

    @Test
    void whatHandsMessagesOnHasABrokerAndNoDatabase() {
        assertThat(SERVICES.all().stream()
                        .filter(service -> service.hasBroker() && !service.hasDatabase())
                        .map(ServiceSpec::name))
                .containsExactlyInAnyOrder("model", "features");
    }

    @Test
    void filesOfServicesLieInTheFolderOfTheInstance() {
        assertThat(files("metrics")).containsExactly(Map.entry("VITRINA_METRICS_LOG_FILE", "logs/labels_log.txt"));
        assertThat(files("model")).containsExactly(Map.entry("VITRINA_MODEL_DIRECTORY", "models"));
        assertThat(files("bff")).isEmpty();
    }

    private static Map<String, String> files(String service) {
        return SERVICES.named(service).orElseThrow().files().stream()
                .collect(Collectors.toMap(ServiceSpec.OwnFile::variable, ServiceSpec.OwnFile::local));
    }

    @Test
    void everyFolderWithAProgramDescribesItself() throws IOException {
        try (Stream<Path> folders = Files.list(PROJECT.resolve("services"))) {
            assertThat(folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                            .map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            SERVICES.all().stream().map(ServiceSpec::name).toList());
        }
    }

    static Stream<ServiceSpec> services() {
        return SERVICES.all().stream();
    }

    /** What the program itself has to say too, so that it can be started without the launcher. */
    @ParameterizedTest
    @MethodSource("services")
    void theProgramHasTheSameNamePortsAndCallees(ServiceSpec service) throws IOException {
        Path folder = PROJECT.resolve("services").resolve(service.name());
        Properties settings = new Properties();
        try (Reader text = Files.newBufferedReader(folder.resolve("src/main/resources/application.properties"))) {
            settings.load(text);
        }
        assertThat(Files.readString(folder.resolve("pom.xml")))
                .contains("<artifactId>vitrina-" + service.name() + "</artifactId>");
        assertThat(settings)
                .containsEntry("quarkus.application.name", service.name())
                .containsEntry("quarkus.http.port", Integer.toString(service.httpPort()))
                .containsEntry("quarkus.management.port", Integer.toString(service.managementPort()));
        for (String callee : service.calls()) {
            String key = "vitrina." + service.name() + "." + callee + ".url";
            assertThat(settings.getProperty(key, "http://127.0.0.1:" + SERVICES.usualPort(callee)))
                    .as(key)
                    .isEqualTo("http://127.0.0.1:" + SERVICES.usualPort(callee));
        }
        String warmUp = settings.getProperty("vitrina.web.warm-up-paths");
        if (warmUp != null) {
            assertThat(warmUp.split(" ")).as("warm-up paths").isSubsetOf(service.questions());
        }
        assertThat(PROJECT.resolve("docs/contracts.md"))
                .content()
                .as("docs/contracts.md, the table of ports")
                .contains(service.name(), Integer.toString(service.httpPort()));
        assertThat(Files.isDirectory(folder.resolve("src/main/resources/db/changelog")))
                .as("has change sets")
                .isEqualTo(service.hasDatabase());
    }
}
