package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ports and probes of the chart are those that quarkus-kubernetes wrote when the service was built. */
class DriftTest {
    private static final Manifests CHART = Chart.ofVitrina().manifests();

    static Stream<String> services() {
        return Chart.ofVitrina().values().path("services").properties().stream()
                .filter(service -> service.getValue().path("enabled").asBoolean(true))
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("services")
    void hasThePortsThatTheServiceWasBuiltWith(String service) throws IOException {
        Map<String, Integer> ports = ports(CHART.podOf(service).container(service));
        assertThat(ports).containsOnlyKeys("http", "management").isEqualTo(ports(built(service)));
    }

    @ParameterizedTest
    @MethodSource("services")
    void hasTheProbesThatTheServiceWasBuiltWith(String service) throws IOException {
        Map<String, String> probes = probes(CHART.podOf(service).container(service));
        assertThat(probes)
                .containsOnlyKeys("startupProbe", "livenessProbe", "readinessProbe")
                .isEqualTo(probes(built(service)));
    }

    private static JsonNode built(String service) throws IOException {
        Path file = Chart.ROOT.resolve("services").resolve(service).resolve("target/kubernetes/kubernetes.yml");
        assertThat(file)
                .as("build the service first: mvn -pl services/%s -am package", service)
                .exists();
        JsonNode container = Manifests.parse(Files.readString(file))
                .one("Deployment", service)
                .at("/spec/template/spec/containers/0");
        assertThat(container.isObject()).isTrue();
        return container;
    }

    private static Map<String, Integer> ports(JsonNode container) {
        Map<String, Integer> ports = new TreeMap<>();
        Manifests.items(container.path("ports"))
                .forEach(port -> ports.put(
                        port.path("name").asText(), port.path("containerPort").asInt()));
        return ports;
    }

    /** Path and port of each probe, the port as a number. */
    private static Map<String, String> probes(JsonNode container) {
        Map<String, Integer> ports = ports(container);
        Map<String, String> probes = new TreeMap<>();
        for (String probe : new String[] {"startupProbe", "livenessProbe", "readinessProbe"}) {
            JsonNode get = container.path(probe).path("httpGet");
            if (get.isObject()) {
                JsonNode port = get.path("port");
                probes.put(
                        probe,
                        get.path("path").asText() + " "
                                + (port.isNumber()
                                        ? port.asInt()
                                        : Objects.requireNonNull(ports.get(port.asText()), port.asText())));
            }
        }
        return probes;
    }
}
