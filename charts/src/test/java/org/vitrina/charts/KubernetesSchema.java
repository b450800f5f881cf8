package org.vitrina.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kubernetes 1.34 takes, without a cluster: by the types that Kubernetes' Java client was generated from its OpenAPI
 * with. An object fits when it has every required field and comes out of its type as it went in, so that neither an unknown field
 * nor a value of another type (a number for an environment variable) passes.
 */
final class KubernetesSchema {
    private static final String MODELS = "io.kubernetes.client.openapi.models.";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("v1/Pod", "V1Pod"),
            Map.entry("v1/ConfigMap", "V1ConfigMap"),
            Map.entry("v1/Secret", "V1Secret"),
            Map.entry("v1/Service", "V1Service"),
            Map.entry("v1/ServiceAccount", "V1ServiceAccount"),
            Map.entry("apps/v1/Deployment", "V1Deployment"),
            Map.entry("networking.k8s.io/v1/Ingress", "V1Ingress"),
            Map.entry("apps/v1/StatefulSet", "V1StatefulSet"),
            Map.entry("batch/v1/Job", "V1Job"),
            Map.entry("batch/v1/CronJob", "V1CronJob"),
            Map.entry("policy/v1/PodDisruptionBudget", "V1PodDisruptionBudget"),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler"),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", "V1NetworkPolicy"));

    static {
        new JSON();
    }

    private KubernetesSchema() {}

    /** What is wrong with it, each with its path; none for an object that fits. */
    static List<String> violations(JsonNode manifest) {
        String type = manifest.path("apiVersion").asText() + "/"
                + manifest.path("kind").asText();
        Optional<String> model = Optional.ofNullable(TYPES.get(type));
        if (model.isEmpty()) {
            return List.of(type + " is not a type that this test knows");
        }
        JsonElement given = JsonParser.parseString(manifest.toString());
        try {
            Class<?> known = Class.forName(MODELS + model.orElseThrow());
            known.getMethod("validateJsonElement", JsonElement.class).invoke(null, given);
            JsonElement taken = JsonParser.parseString(JSON.serialize(JSON.deserialize(given.toString(), known)));
            List<String> differences = new ArrayList<>();
            compare("", given, taken, differences);
            return differences;
        } catch (InvocationTargetException e) {
            return List.of(String.valueOf(e.getTargetException().getMessage()));
        } catch (JsonParseException | IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void compare(String path, JsonElement given, JsonElement taken, List<String> differences) {
        if (given instanceof JsonObject map && taken instanceof JsonObject other) {
            map.entrySet().forEach(entry -> {
                JsonElement value = other.get(entry.getKey());
                String where = path + "/" + entry.getKey();
                if (value == null) {
                    differences.add(where + " is unknown, or null");
                } else {
                    compare(where, entry.getValue(), value, differences);
                }
            });
        } else if (given.isJsonArray()
                && taken.isJsonArray()
                && given.getAsJsonArray().size() == taken.getAsJsonArray().size()) {
            for (int i = 0; i < given.getAsJsonArray().size(); i++) {
                compare(
                        path + "/" + i,
                        given.getAsJsonArray().get(i),
                        taken.getAsJsonArray().get(i),
                        differences);
            }
        } else if (!given.equals(taken)) {
            differences.add(path + " is " + given + ", which is taken as " + taken);
        }
    }
}
