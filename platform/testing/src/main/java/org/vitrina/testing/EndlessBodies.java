package org.vitrina.testing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Every operation of a service's OpenAPI document that takes JSON, sent what has no end: a body over the limit is 413 whatever the
 * route, and a list says how much of it is read, and is read no further.
 */
final class EndlessBodies {
    private static final String JSON = "application/json";
    private static final String TOO_LARGE = "{\"x\":\"" + "x".repeat(64 * 1024) + "\"}";
    private static final String ENDLESS = "[" + "null,".repeat(10_000) + "null]";

    private final Map<String, Map<String, Object>> paths;
    private final Map<String, Object> schemas;

    private EndlessBodies(JsonPath document) {
        this.paths = document.getMap("paths");
        this.schemas = document.getMap("components.schemas");
    }

    static void check(JsonPath document) {
        var bodies = new EndlessBodies(document);
        bodies.paths.forEach((path, item) -> item.forEach((verb, operation) -> {
            if (operation instanceof Map<?, ?> described) {
                bodies.check(verb.toUpperCase(Locale.ROOT), path, described);
            }
        }));
    }

    private void check(String verb, String path, Map<?, ?> operation) {
        Map<?, ?> content = at(at(operation, "requestBody"), "content");
        if (!content.containsKey(JSON)) {
            return;
        }
        String target = OperationPath.filled(path, operation);
        assertThat(send(verb, target, TOO_LARGE).statusCode())
                .as("%s %s with a body over 64 KiB", verb, path)
                .isEqualTo(413);
        lists(at(at(content, JSON), "schema")).forEach(list -> {
            Response refused = send(verb, target, "{\"" + list + "\":" + ENDLESS + "}");
            assertThat(refused.statusCode())
                    .as("%s %s with a %s without end", verb, path, list)
                    .isEqualTo(400);
            // none of its elements was judged
            assertThat(refused.jsonPath().getList("violations.field"))
                    .as("%s %s", verb, path)
                    .isEqualTo(List.of(list));
        });
    }

    private static Response send(String verb, String target, String body) {
        return given().contentType(JSON)
                .header("Idempotency-Key", "endless")
                .body(body)
                .request(verb, target);
    }

    private Set<String> lists(Map<?, ?> schema) {
        Set<String> names = new LinkedHashSet<>();
        at(resolved(schema), "properties").forEach((name, described) -> {
            if (described instanceof Map<?, ?> property && property.containsKey("items")) {
                assertThat(property.containsKey("maxItems"))
                        .as("%s says how many there may be", name)
                        .isTrue();
                names.add(String.valueOf(name));
            }
        });
        return names;
    }

    private Map<?, ?> resolved(Map<?, ?> schema) {
        return schema.get("$ref") instanceof String reference
                ? at(schemas, reference.substring(reference.lastIndexOf('/') + 1))
                : schema;
    }

    private static Map<?, ?> at(Map<?, ?> parent, String name) {
        return parent.get(name) instanceof Map<?, ?> child ? child : Map.of();
    }
}
