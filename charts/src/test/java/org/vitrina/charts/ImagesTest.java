package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where the chart's own images come from, and what they are. */
class ImagesTest {
    private static final String VERSION =
            Chart.read(Chart.FOLDER.resolve("Chart.yaml")).path("appVersion").asText();
    private static final Manifests NATIVE = Chart.ofCombination("native").manifests();

    private static String image(Manifests manifests, String service) {
        return manifests.podOf(service).container(service).path("image").asText();
    }

    private static Set<String> images(Manifests manifests) {
        return manifests.pods().stream()
                .flatMap(Manifests.Pod::containers)
                .map(container -> container.path("image").asText())
                .collect(Collectors.toSet());
    }

    @Test
    void takesItsOwnImagesFromWhereTheyArePublishedAndNoOthers() {
        Manifests published = Chart.ofVitrina()
                .with("images.registry=registry.example.com/shop")
                .manifests();
        assertThat(image(published, "bff")).isEqualTo("registry.example.com/shop/bff:" + VERSION);
        assertThat(image(published, "postgres")).isEqualTo("postgres:17");
        assertThat(images(published)).contains("registry.example.com/shop/migrations:" + VERSION);
        assertThat(image(
                        Chart.ofVitrina()
                                .with("images.registry=registry.example.com/shop", "image.registry=mirror.example.com")
                                .manifests(),
                        "bff"))
                .isEqualTo("registry.example.com/shop/bff:" + VERSION);
    }

    @Test
    void takesNativeExecutablesByOneSwitch() {
        for (String service : Chart.SERVICES) {
            assertThat(image(NATIVE, service))
                    .isEqualTo("registry.example.com/shop/" + service + ":" + VERSION + "-native");
        }
        assertThat(images(NATIVE))
                .contains("registry.example.com/shop/migrations:" + VERSION)
                .noneMatch(image -> image.contains("migrations") && image.endsWith("-native"));
        assertThat(image(
                        Chart.ofCombination("own-service")
                                .with("images.native=true")
                                .manifests(),
                        "reviews"))
                .isEqualTo("images.example.com/shop/reviews:7");
    }

    @Test
    void nativeServicesAskForNoMoreThanAGibibyteInAll() {
        Map<String, Integer> asked = new TreeMap<>();
        for (String service : Chart.SERVICES) {
            int replicas = NATIVE.one("Deployment", "vitrina-" + service)
                    .at("/spec/replicas")
                    .asInt();
            String memory = NATIVE.podOf(service)
                    .container(service)
                    .at("/resources/requests/memory")
                    .asText();
            assertThat(memory).endsWith("Mi");
            asked.put(service, replicas * Integer.parseInt(memory.substring(0, memory.length() - 2)));
        }
        assertThat(asked.values().stream().mapToInt(Integer::intValue).sum())
                .as(asked.toString())
                .isLessThanOrEqualTo(1024);
        assertThat(NATIVE.podOf("bff").container("bff").path("resources").toString())
                .isEqualTo("{\"limits\":{\"ephemeral-storage\":\"256Mi\",\"memory\":\"256Mi\"},"
                        + "\"requests\":{\"cpu\":\"140m\",\"memory\":\"64Mi\"}}");
    }
}
