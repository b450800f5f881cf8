package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every supported combination of values ({@code ci/*-values.yaml}). */
class CombinationsTest {
    private static final JsonNode FALSE = BooleanNode.FALSE;
    private static final Set<String> NOT_OF_KUBERNETES = Set.of("ServiceMonitor", "HTTPRoute", "PrometheusRule");
    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();

    static Stream<Path> combinations() {
        return Chart.combinations();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void passesTheStrictLint(Path combination, @TempDir Path folder) throws IOException {
        Chart.copy(Chart.FOLDER, folder);
        Files.writeString(
                folder.resolve("values.yaml"),
                Chart.YAML.writeValueAsString(Chart.of(combination).values()));

        LintResult result = new Helm(folder).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void fitsTheSchemaOfKubernetes(Path combination) {
        assertThat(rendered(combination).all())
                .hasSizeGreaterThan(20)
                .filteredOn(manifest -> !NOT_OF_KUBERNETES.contains(Manifests.kind(manifest)))
                .allSatisfy(manifest -> assertThat(KubernetesSchema.violations(manifest))
                        .as(Manifests.id(manifest))
                        .isEmpty());
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void namesEachObjectOnce(Path combination) {
        assertThat(rendered(combination).ids()).doesNotHaveDuplicates().allMatch(id -> id.length() > 6);
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void runsEveryPodRestricted(Path combination) {
        assertThat(rendered(combination).pods()).isNotEmpty().allSatisfy(pod -> {
            JsonNode security = pod.spec().path("securityContext");
            assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
            assertThat(security.path("runAsUser").asInt()).isPositive();
            assertThat(security.path("runAsGroup").asInt()).isPositive();
            assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.spec().path("automountServiceAccountToken")).isEqualTo(FALSE);
            assertThat(pod.spec().path("enableServiceLinks")).isEqualTo(FALSE);
            for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
                assertThat(pod.spec().has(shared)).as(shared).isFalse();
            }
            assertThat(pod.containers()).isNotEmpty().allSatisfy(container -> {
                JsonNode own = container.path("securityContext");
                assertThat(own.path("allowPrivilegeEscalation")).isEqualTo(FALSE);
                assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(Manifests.texts(own.at("/capabilities/drop"))).containsExactly("ALL");
                assertThat(own.has("privileged")).isFalse();
                assertThat(own.at("/capabilities/add").isMissingNode()).isTrue();
            });
        });
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void boundsWhatEveryContainerTakes(Path combination) {
        assertThat(rendered(combination).pods()).allSatisfy(pod -> {
            assertThat(pod.containers()).allSatisfy(container -> {
                assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
                assertThat(container.at("/resources/requests/memory").asText()).isNotEmpty();
                assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
                assertThat(container.at("/resources/limits/cpu").isMissingNode())
                        .as("a limit of CPU throttles event loops")
                        .isTrue();
            });
            assertThat(Manifests.items(pod.spec().path("volumes")))
                    .filteredOn(volume -> volume.has("emptyDir"))
                    .allSatisfy(volume -> assertThat(
                                    volume.at("/emptyDir/sizeLimit").asText())
                            .isNotEmpty());
        });
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void pullsOnlyImagesWithATagOrDigest(Path combination) {
        assertThat(rendered(combination).pods())
                .flatMap(pod -> pod.containers()
                        .map(container -> container.path("image").asText())
                        .toList())
                .allMatch(image -> image.matches("[a-z0-9./-]+(:[\\w.-]+|@sha256:[0-9a-f]{64})"));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void selectsPodsThatThereAre(Path combination) {
        Manifests manifests = rendered(combination);
        for (JsonNode service : manifests.ofKind("Service")) {
            assertThat(manifests.pods())
                    .as(Manifests.id(service))
                    .filteredOn(pod -> contains(pod.metadata().path("labels"), service.at("/spec/selector")))
                    .singleElement()
                    .satisfies(pod -> assertThat(Manifests.items(service.at("/spec/ports")))
                            .isNotEmpty()
                            .allSatisfy(port -> assertThat(ports(pod))
                                    .contains(port.path("targetPort").asText())));
        }
        for (JsonNode budget : manifests.ofKind("PodDisruptionBudget")) {
            assertThat(manifests.pods())
                    .filteredOn(pod -> contains(pod.metadata().path("labels"), budget.at("/spec/selector/matchLabels")))
                    .hasSize(1);
        }
    }

    /** Once for all tests, which only look at it. */
    private static Manifests rendered(Path combination) {
        return RENDERED.computeIfAbsent(combination, path -> Chart.of(path).manifests());
    }

    /** By name and by number: not every Kubernetes finds the name of a sidecar's port. */
    private static List<String> ports(Manifests.Pod pod) {
        return pod.containers()
                .flatMap(container -> Manifests.items(container.path("ports")))
                .flatMap(port -> Stream.of(
                        port.path("name").asText(), port.path("containerPort").asText()))
                .toList();
    }

    static boolean contains(JsonNode labels, JsonNode selector) {
        return selector.properties().stream().allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())));
    }
}
