package org.vitrina.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Compares an OpenAPI document, as it is served, with what the contract says; all differences at once, one a line. What a
 * client generator could make nothing of is one too: bytes for a JSON body, an answer of success without a shape, a parameter
 * that is not written as it is sent.
 *
 * <pre>{@code
 * OpenApiContract.served(given().get("/q/openapi").asString())
 *         .operation("GET /users/{id}/cart", 200, 400)
 *         .fields("GET /users/{id}/cart 200", "product_id", "quantity")
 *         .assertAgrees();
 * }</pre>
 */
public final class OpenApiContract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, Object> document;
    private final Map<String, Set<String>> operations = new LinkedHashMap<>();
    private final Map<String, Set<String>> fields = new LinkedHashMap<>();

    private OpenApiContract(Map<String, Object> document) {
        this.document = document;
    }

    /** @param document the text of {@code /q/openapi}, YAML or JSON (of which YAML is a superset) */
    public static OpenApiContract served(String document) {
        Object parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(document);
        Map<String, Object> root = object(parsed);
        if (!root.containsKey("openapi")) {
            throw new AssertionError(
                    "this is no OpenAPI document: " + document.substring(0, Math.min(200, document.length())));
        }
        return new OpenApiContract(root);
    }

    /** The contract has this operation, such as {@code GET /products/{id}}, with at least these status codes. */
    public OpenApiContract operation(String operation, int... statuses) {
        Set<String> codes = operations.computeIfAbsent(operation, key -> new TreeSet<>());
        for (int status : statuses) {
            codes.add(Integer.toString(status));
        }
        return this;
    }

    /**
     * The JSON body of an answer, such as {@code GET /products/{id} 200}, has exactly these fields; of an array, its
     * elements have them.
     */
    public OpenApiContract fields(String answer, String... names) {
        fields.put(answer, new TreeSet<>(List.of(names)));
        return this;
    }

    /** The audit trail, alike in each service that keeps one. */
    public OpenApiContract auditTrail() {
        return operation("GET /ops/trail", 200, 400, 503, 504)
                .fields(
                        "GET /ops/trail 200",
                        "position",
                        "done_at",
                        "actor",
                        "trace_id",
                        "action",
                        "subject",
                        "user_id",
                        "detail");
    }

    /** Fails, naming every difference; operations beyond those named are differences too. */
    public void assertAgrees() {
        List<String> differences = new ArrayList<>(differences());
        for (String operation : new TreeSet<>(servedOperations().keySet())) {
            if (!operations.containsKey(operation)) {
                differences.add(operation + ": served, not in the contract");
            }
        }
        fail(differences);
    }

    /** As {@link #assertAgrees}, but further operations may be served. */
    public void assertCovers() {
        fail(differences());
    }

    private static void fail(List<String> differences) {
        if (!differences.isEmpty()) {
            throw new AssertionError(
                    "The served OpenAPI differs from the contract:\n  " + String.join("\n  ", differences));
        }
    }

    private List<String> differences() {
        List<String> differences = new ArrayList<>();
        Map<String, Map<String, Object>> served = servedOperations();
        operations.forEach((operation, statuses) -> {
            Map<String, Object> found = served.get(operation);
            if (found == null) {
                differences.add(operation + ": in the contract, not served");
                return;
            }
            Set<String> missing = new TreeSet<>(statuses);
            missing.removeAll(responses(found).keySet());
            if (!missing.isEmpty()) {
                differences.add(operation + ": status " + String.join(", ", missing) + " not described, only "
                        + new TreeSet<>(responses(found).keySet()));
            }
        });
        served.forEach((operation, found) -> unusable(operation, found, differences));
        fields.forEach((answer, expected) -> {
            int space = answer.lastIndexOf(' ');
            Map<String, Object> found = served.get(answer.substring(0, space));
            if (found == null) {
                differences.add(answer + ": no such operation");
                return;
            }
            Set<String> described = describedFields(object(responses(found).get(answer.substring(space + 1))));
            if (!described.equals(expected)) {
                differences.add(answer + ": fields " + expected + " in the contract, " + described + " described");
            }
        });
        return differences;
    }

    private void unusable(String operation, Map<String, Object> found, List<String> differences) {
        if (found.get("parameters") instanceof List<?> parameters) {
            for (Object each : parameters) {
                String fault = unusable(object(each));
                if (fault != null) {
                    differences.add(operation + ": parameter " + object(each).get("name") + " " + fault);
                }
            }
        }
        if (found.containsKey("requestBody") && !hasShape(object(found.get("requestBody")))) {
            differences.add(operation + ": its body has no shape");
        }
        responses(found).forEach((status, answer) -> {
            if (status.startsWith("2") && !status.equals("204") && !hasShape(object(answer))) {
                differences.add(operation + " " + status + ": the answer has no shape");
            }
        });
    }

    private @Nullable String unusable(Map<String, Object> parameter) {
        Map<String, Object> schema = resolved(object(parameter.get("schema")));
        String type = String.valueOf(schema.get("type"));
        if (!schema.containsKey("type")) {
            return "has no type";
        }
        if (type.contains("array") && !Boolean.FALSE.equals(parameter.get("explode"))) {
            return "is a list that is sent as several parameters";
        }
        if (type.contains("integer") && "path".equals(parameter.get("in")) && !schema.containsKey("minimum")) {
            return "may be negative";
        }
        return null;
    }

    /** Whether each of its bodies says more than that it is bytes, and at least one is there. */
    private boolean hasShape(Map<String, Object> holder) {
        Map<String, Object> content = object(holder.get("content"));
        return !content.isEmpty()
                && content.entrySet().stream().allMatch(each -> {
                    Map<String, Object> schema =
                            resolved(object(object(each.getValue()).get("schema")));
                    return !each.getKey().endsWith("json")
                            ? !schema.isEmpty()
                            : schema.containsKey("items") || schema.containsKey("properties");
                });
    }

    private Map<String, Object> resolved(Map<String, Object> schema) {
        return schema.get("$ref") instanceof String reference && reference.startsWith(REFERENCE)
                ? object(object(object(document.get("components")).get("schemas"))
                        .get(reference.substring(REFERENCE.length())))
                : schema;
    }

    private Map<String, Map<String, Object>> servedOperations() {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        object(document.get("paths")).forEach((path, item) -> object(item).forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                all.put(method.toUpperCase(Locale.ROOT) + " " + path, object(operation));
            }
        }));
        return all;
    }

    private static Map<String, Object> responses(Map<String, Object> operation) {
        return object(operation.get("responses"));
    }

    private Set<String> describedFields(Map<String, Object> response) {
        Set<String> names = new TreeSet<>();
        object(response.get("content"))
                .values()
                .forEach(media -> collect(object(object(media).get("schema")), names));
        return names;
    }

    private void collect(Map<String, Object> described, Set<String> names) {
        Map<String, Object> schema = resolved(described);
        if (schema.containsKey("items")) {
            collect(object(schema.get("items")), names);
        }
        if (schema.get("allOf") instanceof List<?> parts) {
            parts.forEach(part -> collect(object(part), names));
        }
        names.addAll(object(schema.get("properties")).keySet());
    }

    /** YAML knows no types; keys that read as numbers (status codes) come as numbers. */
    private static Map<String, Object> object(@Nullable Object value) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> object.put(String.valueOf(key), entry));
        }
        return object;
    }
}
