package org.vitrina.launcher.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.launcher.spec.ServiceSpec.Mount;
import org.vitrina.launcher.spec.ServiceSpec.OwnFile;

/** What a service.yaml may say, and how its mistakes are told. */
class ServiceFileTest {
    private static final String LEAST = "name: stars\nabout: some\nport: 8100\n";

    @TempDir
    Path project = Path.of("");

    private Services with(String name, String text) throws IOException {
        Path folder = Files.createDirectories(project.resolve("services").resolve(name));
        Files.writeString(folder.resolve("service.yaml"), text);
        return Services.of(project);
    }

    private void refused(String text, String... sentences) {
        assertThatExceptionOfType(SpecException.class)
                .isThrownBy(() -> with("stars", text))
                .satisfies(refused ->
                        assertThat(String.valueOf(refused.getMessage()).lines()).containsExactly(sentences));
    }

    @Test
    void aNameATextAndAPortAreEnough() throws IOException {
        ServiceSpec stars = with("stars", LEAST).named("stars").orElseThrow();

        assertThat(stars.uses()).isEmpty();
        assertThat(stars.managementPort()).isEqualTo(18_100);
        assertThat(stars.lookAt()).isEqualTo("/q/swagger-ui");
        assertThat(stars.memory()).isEqualTo("384m");
        assertThat(stars.isOfThePage() || stars.isFront() || stars.redrives() || stars.erases() || stars.replies())
                .isFalse();
        assertThat(stars.standIn()).isEmpty();
    }

    @Test
    void readsEveryKey() throws IOException {
        with("sky", "name: sky\nabout: all\nport: 8101\n");
        ServiceSpec stars = with(
                        "stars",
                        LEAST
                                + """
                                uses: [postgres, broker]
                                cache: memory
                                calls: [sky]
                                reads: {wishes: wishes.in}
                                sends: {news.of_stars: stars.events}
                                roles: [front, page, redrives, erases, replies]
                                look-at: /
                                memory: 512m
                                stand-in-for: VITRINA_STARS_URL
                                files:
                                  - variable: VITRINA_STARS_FOLDER
                                    local: stars
                                    container: /stars
                                    volume: ./stars:/stars
                                questions:
                                  - /stars?of=1,2
                                """)
                .named("stars")
                .orElseThrow();

        assertThat(stars.uses()).containsExactlyInAnyOrder(Server.values());
        assertThat(stars.cache()).isEqualTo("memory");
        assertThat(stars.calls()).containsExactly("sky");
        assertThat(stars.reads()).containsExactly(Map.entry("wishes", "wishes.in"));
        assertThat(stars.sends()).containsExactly(Map.entry("news.of_stars", "stars.events"));
        assertThat(BrokerRights.of(stars))
                .isEqualTo(new BrokerRights(
                        "^(news[.]of_stars|stars[.]events|wishes|wishes[.]dlq|wishes[.]dlq[.]in|wishes[.]in)$",
                        "^(amq[.]default|news[.]of_stars|stars[.]events|wishes|wishes[.]dlq|wishes[.]dlq[.]in)$",
                        "^(stars[.]events|wishes|wishes[.]dlq|wishes[.]dlq[.]in|wishes[.]in)$"));
        assertThat(stars.roles()).containsExactlyInAnyOrder(ServiceSpec.Role.values());
        assertThat(stars.lookAt()).isEqualTo("/");
        assertThat(stars.memory()).isEqualTo("512m");
        assertThat(stars.standIn()).contains("VITRINA_STARS_URL");
        assertThat(stars.files())
                .containsExactly(
                        new OwnFile("VITRINA_STARS_FOLDER", "stars", "/stars", new Mount(true, "./stars:/stars")));
        assertThat(stars.questions()).containsExactly("/stars?of=1,2");
        assertThat(stars.urlVariable("sky")).isEqualTo("VITRINA_STARS_SKY_URL");
    }

    @Test
    void tellsEveryMistakeWithItsLine() {
        refused(
                "name: stars\nabout: some\nprot: 8100\nuses: [postgres, mysql]\nmemory: much\n",
                "services/stars/service.yaml: line 3: 'prot' is no key here; there are name, about, port, uses, cache,"
                        + " calls, reads, sends, roles, look-at, memory, stand-in-for, optional, files, questions.",
                "services/stars/service.yaml: line 4: 'mysql' is unknown under 'uses'; there are postgres, redis, broker.",
                "services/stars/service.yaml: 'port' is missing; give a number from 1024 to 22767 (health is 10000 above).",
                "services/stars/service.yaml: line 5: 'much' is wrong as 'memory'; give megabytes, such as 384m.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    uses: postgres                | line 4: 'uses' is no list; write 'uses: [a, b]', or each on a line of its own after '- '.
                    optional: perhaps             | line 4: 'perhaps' is wrong as 'optional'; give true or false.
                    calls: [moon]                 | it calls 'moon', which there is not; there are stars.
                    calls: [stars]                | it calls itself by way of stars; take one of these 'calls' out.
                    questions: [stars]            | line 4: 'stars' is wrong under 'questions'; give a path, such as /users/1/favorites.
                    port: 8101                    | line 4: 'port' is said twice; leave one of them out.
                    roles: {page: true}           | line 4: 'roles' is no list; write 'roles: [a, b]', or each on a line of its own after '- '.
                    sends: [a]                    | line 4: 'sends' is no map; write 'sends: {a.queue: its.exchange}'.
                    reads: {a: "b c"}            | line 4: 'b c' is wrong under 'reads'; give the name of a queue and of its exchange: small letters, digits, _ and single dots.
                    files: [{local: a}]           | 'variable' is missing; give a variable, such as VITRINA_SMS_FILE.
                    files: [{variable: VITRINA_A, local: ../a}]    | line 4: '../a' is wrong as 'local'; give a path in .vitrina, such as sms/accepted.jsonl.
                    files: [{variable: VITRINA_A, local: a/../../b}] | line 4: 'a/../../b' is wrong as 'local'; give a path in .vitrina, such as sms/accepted.jsonl.
                    files: [{variable: VITRINA_A, local: ./a}]     | line 4: './a' is wrong as 'local'; give a path in .vitrina, such as sms/accepted.jsonl.
                    """)
    void refusesWhatMakesNoSense(String line, String sentence) {
        refused(LEAST + line + "\n", "services/stars/service.yaml: " + sentence);
    }

    @Test
    void refusesWhatIsNoYaml() {
        assertThatExceptionOfType(SpecException.class)
                .isThrownBy(() -> with("stars", "name: [stars\nport: 1\n"))
                .withMessageStartingWith("services/stars/service.yaml: line 2: this is no YAML: ");
        refused("", "services/stars/service.yaml: is empty; it needs at least name, about and port.");
    }

    @Test
    void refusesPortsThatAreTakenOrNone() throws IOException {
        refused(
                LEAST.replace("8100", "80"),
                "services/stars/service.yaml: line 3: '80' is no port; give a number from 1024 to 22767 (health is 10000 above).");
        refused(
                LEAST.replace("8100", "5432"),
                "services/stars/service.yaml: port 15432 is that of postgres too; choose another 'port'.");
        with("stars", LEAST);
        assertThatExceptionOfType(SpecException.class)
                .isThrownBy(() -> with("moon", LEAST.replace("stars", "moon")))
                .withMessage("services/stars/service.yaml: port 8100 is that of moon too; choose another 'port'.\n"
                        + "services/stars/service.yaml: port 18100 is that of moon too; choose another 'port'.");
    }

    @Test
    void aFolderHasTheNameOfItsService() {
        refused(
                LEAST.replace("stars", "moon"),
                "services/stars/service.yaml: 'name' is 'moon'; give the folder's name.");
    }

    @Test
    void foldersWithoutADescriptionAreNoServices() throws IOException {
        Files.createDirectories(project.resolve("services/notes"));

        assertThat(with("stars", LEAST).all()).extracting(ServiceSpec::name).isEqualTo(List.of("stars"));
    }
}
