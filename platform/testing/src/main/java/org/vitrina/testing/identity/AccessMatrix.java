package org.vitrina.testing.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.OperationPath;

/**
 * Every operation of a service's OpenAPI document, asked with every token: what is refused must be what the document's
 * {@code security}, which is written from the annotations of the endpoints, says. A token that nobody may accept is 401
 * everywhere. What is let in is asked with a body that cannot be read, so that nothing is changed.
 */
public final class AccessMatrix {
    private static final String OWNER = OperationPath.NUMBER;
    private static final String ANOTHER = "2147480008";
    private static final String SERVICE = OperationPath.NAME;
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final URI base;
    private final TestIssuer issuer;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private final List<String> wrong = new ArrayList<>();
    private int asked;

    private record Caller(String what, @Nullable String token, String subject, Set<String> roles) {}

    private record Operation(
            String verb,
            String path,
            boolean users,
            boolean userId,
            boolean changes,
            @Nullable String body,
            List<Set<String>> access) {
        boolean open() {
            return access.isEmpty();
        }

        boolean letsIn(Caller caller, String user) {
            if (open()) {
                return true;
            }
            return access.stream()
                    .anyMatch(roles -> roles.isEmpty()
                            || roles.stream().anyMatch(caller.roles::contains)
                            || (roles.contains("owner") && (user.isEmpty() || caller.subject.equals(user))));
        }
    }

    public AccessMatrix(URI base, TestIssuer issuer) {
        this.base = base;
        this.issuer = issuer;
    }

    /** Fails with everything that is not as it is declared. */
    public void check(JsonPath document) {
        List<Operation> operations = operations(document);
        assertThat(operations).isNotEmpty();
        List<Caller> callers = List.of(
                new Caller("the owner", issuer.token(OWNER), OWNER, Set.of("user")),
                new Caller("another user", issuer.token(ANOTHER), ANOTHER, Set.of("user")),
                new Caller("an admin", issuer.curveToken("2147480009", "admin"), "2147480009", Set.of("admin")),
                new Caller("an operator", issuer.token("2147480010", "operator"), "2147480010", Set.of("operator")),
                new Caller("a service", issuer.token(SERVICE, "service"), SERVICE, Set.of("service")),
                new Caller(
                        "the owner with every role but service",
                        issuer.token(OWNER, "admin", "operator"),
                        OWNER,
                        Set.of("admin", "operator")));
        Map<String, String> bad = issuer.bad(OWNER);
        for (Operation each : operations) {
            bad.forEach((what, token) -> expect(each, what, token, "", 401));
            if (each.open()) {
                expectIn(each, "nobody", null, "");
            } else {
                expect(each, "nobody", null, "", 401);
            }
            for (Caller caller : callers) {
                ask(each, caller, each.users ? OWNER : "", "");
                if (each.userId) {
                    ask(each, caller, OWNER, "?user_id=" + OWNER);
                }
            }
        }
        assertThat(wrong).as("%d requests to %s", asked, base).isEmpty();
    }

    private void ask(Operation operation, Caller caller, String user, String query) {
        if (operation.letsIn(caller, user)) {
            if (!operation.changes) {
                expectIn(operation, caller.what, caller.token, query);
            }
        } else {
            expect(operation, caller.what, caller.token, query, 403);
        }
    }

    private void expect(Operation operation, String what, @Nullable String token, String query, int status) {
        HttpResponse<InputStream> answer = send(operation, token, query);
        String type = answer.headers().firstValue("Content-Type").orElse("");
        boolean told = type.startsWith("application/problem+json")
                && (status != 401
                        || answer.headers().firstValue("WWW-Authenticate").isPresent());
        if (answer.statusCode() != status || !told) {
            wrong.add("%s %s%s of %s: %d %s, not %d"
                    .formatted(operation.verb, operation.path, query, what, answer.statusCode(), type, status));
        }
    }

    private void expectIn(Operation operation, String what, @Nullable String token, String query) {
        int status = send(operation, token, query).statusCode();
        if (status == 401 || status == 403) {
            wrong.add("%s %s%s of %s: %d, not let in".formatted(operation.verb, operation.path, query, what, status));
        }
    }

    private HttpResponse<InputStream> send(Operation operation, @Nullable String token, String query) {
        asked++;
        var request =
                HttpRequest.newBuilder(base.resolve(operation.path + query)).timeout(Duration.ofSeconds(60));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (operation.body == null) {
            request.method(operation.verb, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", operation.body);
            request.method(operation.verb, HttpRequest.BodyPublishers.ofString("{"));
        }
        try {
            HttpResponse<InputStream> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
                answer.body().close();
            } else {
                answer.body().readAllBytes();
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(operation.verb + " " + operation.path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<Operation> operations(JsonPath document) {
        List<Operation> all = new ArrayList<>();
        Map<String, Map<String, Object>> paths = document.getMap("paths");
        paths.forEach((path, item) -> item.forEach((verb, what) -> {
            if (what instanceof Map<?, ?> operation && operation.containsKey("responses")) {
                all.add(operation(verb.toUpperCase(Locale.ROOT), path, operation));
            }
        }));
        return all;
    }

    private static Operation operation(String verb, String path, Map<?, ?> operation) {
        assertThat(operation.containsKey("security"))
                .as("%s %s says who may", verb, path)
                .isTrue();
        List<Set<String>> access = new ArrayList<>();
        for (Object requirement : (List<?>) Objects.requireNonNull(operation.get("security"))) {
            ((Map<?, ?>) requirement).values().forEach(roles -> access.add(Set.copyOf(strings(roles))));
        }
        boolean userId = operation.get("parameters") instanceof List<?> parameters
                && parameters.stream()
                        .map(each -> (Map<?, ?>) each)
                        .anyMatch(each -> "user_id".equals(each.get("name")) && "query".equals(each.get("in")));
        String body = null;
        if (WITH_BODY.contains(verb)
                && operation.get("requestBody") instanceof Map<?, ?> described
                && described.get("content") instanceof Map<?, ?> content) {
            body = String.valueOf(content.keySet().iterator().next());
        }
        boolean changes = !verb.equals("GET") && body == null && !path.contains("{");
        boolean users = path.startsWith("/users/{id}") || path.startsWith("/user/{id}");
        return new Operation(verb, OperationPath.filled(path, operation), users, userId, changes, body, access);
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }
}
