package org.vitrina.launcher.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** launcher/services.sh reads of the descriptions what the strict reader reads. */
class BashServicesTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Services SERVICES = Services.of(PROJECT);

    private static List<String> lines(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-euc", "ROOT=$PWD; . launcher/services.sh; " + script)
                .directory(PROJECT.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    @Test
    void readsNamesPortsListsAndRoles() throws Exception {
        assertThat(lines("service_names"))
                .isEqualTo(SERVICES.byPort().stream().map(ServiceSpec::name).toList());
        assertThat(lines("for name in $(service_names); do service_value $name port; done"))
                .isEqualTo(SERVICES.byPort().stream()
                        .map(service -> Integer.toString(service.httpPort()))
                        .toList());
        for (String key : List.of("questions", "calls")) {
            assertThat(lines("for name in $(service_names); do service_items $name " + key + "; done"))
                    .isEqualTo(SERVICES.byPort().stream()
                            .flatMap(service -> (key.equals("calls") ? service.calls() : service.questions()).stream())
                            .toList());
        }
        assertThat(lines("services_with_role page"))
                .isEqualTo(SERVICES.byPort().stream()
                        .filter(ServiceSpec::isOfThePage)
                        .map(ServiceSpec::name)
                        .toList());
    }
}
