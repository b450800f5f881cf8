package org.vitrina.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Rendered objects. */
record Manifests(List<JsonNode> all) {
    private static final Set<String> WITH_PODS = Set.of("Deployment", "StatefulSet", "Job", "CronJob");

    static Manifests parse(String yaml) {
        try (MappingIterator<JsonNode> documents =
                Chart.YAML.readerFor(JsonNode.class).readValues(yaml)) {
            List<JsonNode> all = new ArrayList<>();
            documents.forEachRemaining(document -> {
                if (document.isObject()) {
                    all.add(document);
                }
            });
            return new Manifests(List.copyOf(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String kind(JsonNode manifest) {
        return manifest.path("kind").asText();
    }

    static String name(JsonNode manifest) {
        return manifest.at("/metadata/name").asText();
    }

    static String id(JsonNode manifest) {
        return kind(manifest) + "/" + name(manifest);
    }

    static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static List<String> texts(JsonNode list) {
        return items(list).map(JsonNode::asText).toList();
    }

    List<JsonNode> ofKind(String kind) {
        return all.stream().filter(manifest -> kind(manifest).equals(kind)).toList();
    }

    List<String> ids() {
        return all.stream().map(Manifests::id).sorted().toList();
    }

    JsonNode one(String kind, String name) {
        return all.stream()
                .filter(manifest -> id(manifest).equals(kind + "/" + name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + "/" + name + " among " + ids()));
    }

    private static Pod podOf(JsonNode maker) {
        JsonNode template =
                maker.at(kind(maker).equals("CronJob") ? "/spec/jobTemplate/spec/template" : "/spec/template");
        return new Pod(id(maker), template.path("metadata"), template.path("spec"));
    }

    /** The pod's specification of every object that makes pods, and of pods themselves. */
    List<Pod> pods() {
        return all.stream()
                .filter(manifest ->
                        WITH_PODS.contains(kind(manifest)) || kind(manifest).equals("Pod"))
                .map(manifest -> kind(manifest).equals("Pod")
                        ? new Pod(id(manifest), manifest.path("metadata"), manifest.path("spec"))
                        : podOf(manifest))
                .toList();
    }

    /** A pod as it is made by {@code owner}. */
    record Pod(String owner, JsonNode metadata, JsonNode spec) {
        Stream<JsonNode> containers() {
            return Stream.concat(items(spec.path("initContainers")), items(spec.path("containers")));
        }

        JsonNode container(String name) {
            return containers()
                    .filter(container -> container.path("name").asText().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(owner + " has no container " + name));
        }

        String component() {
            return metadata.path("labels").path("app.kubernetes.io/component").asText();
        }
    }

    Pod podOf(String component) {
        return pods().stream()
                .filter(pod -> pod.component().equals(component))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pod of " + component));
    }
}
