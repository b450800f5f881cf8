package org.vitrina.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What docs/contracts.md promises of every service: values, errors, paths, headers, deadline, health, callers. */
final class Conventions {
    private static final List<String> NO_IDS = List.of("0", "-1", "2147483648", "99999999999999999999");
    private static final List<String> NO_INTEGERS = List.of("abc", "1.5", "1e3", "%20");
    private static final Pattern PROBLEM_TYPE = Pattern.compile("urn:vitrina:problem:[a-z0-9-]+");
    private static final Pattern INTERNAL = Pattern.compile(
            "Exception|Traceback|^\\s+at |\\.(?:java|kt|py|go|js|rb|php):\\d|SELECT |INSERT INTO|SQLSTATE|\\b(?:org|com|io|java)\\.[a-z]+\\.",
            Pattern.MULTILINE);
    private static final String UUID_FORM = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    /** What a call may take beyond its deadline, on its way here and back too. */
    private static final long ALLOWANCE_MILLIS = 800;

    private static final int DEADLINE_MILLIS = 200;

    private Conventions() {}

    static List<Rule> rules(Sample sample) {
        return List.of(
                new Rule(
                        "json",
                        "Answer with JSON in UTF-8, as application/json.",
                        "JSON, `snake_case`, UTF-8.",
                        service -> isJson(service.ask(sample.read(service)).is(200))),
                new Rule(
                        "ids",
                        "Take ids from 1 to 2147483647, in every path of yours, and answer other numbers with 400.",
                        "Ids are positive integers up to 2^31-1 unless said otherwise.",
                        service -> ids(service, sample)),
                new Rule(
                        "problem",
                        "Tell errors as application/problem+json with type, title, status, detail, instance and trace_id.",
                        "Errors are RFC 9457 `application/problem+json`: `type` (stable, `urn:vitrina:problem:<slug>`), `title`, `status`, `detail`, `instance`, `trace_id`.",
                        service -> problem(service.ask(refused(service, sample)).is(400))),
                new Rule(
                        "no-internals",
                        "Keep stack traces, class names and SQL out of answers; write them to your log.",
                        "No stack trace, class name or SQL is in an answer.",
                        service -> noInternals(service, sample)),
                new Rule(
                        "callers-mistake",
                        "Answer whatever a caller can do wrong with 4xx: unknown paths, other methods, ids and bodies of any kind.",
                        "A caller's mistake is never a 500.",
                        service -> callersMistakes(service, sample)),
                new Rule(
                        "trailing-slash",
                        "Take each path with a slash at its end too.",
                        "A trailing slash is accepted or left out on every path.",
                        service -> trailingSlash(service, sample)),
                new Rule(
                        "request-id",
                        "Send X-Request-Id back in every answer, with a new UUID where the caller sent none.",
                        "`X-Request-Id` is echoed, or a new UUID is made, in every answer; W3C `traceparent` is carried on.",
                        service -> requestId(service, sample)),
                new Rule(
                        "nosniff",
                        "Send X-Content-Type-Options: nosniff with every answer, those of errors too.",
                        "Every answer says `X-Content-Type-Options: nosniff`.",
                        service -> everyAnswerSays(service, sample, "X-Content-Type-Options", "nosniff")),
                new Rule(
                        "deadline-header",
                        "Read X-Request-Deadline-Ms: refuse what is no positive integer with 400, and cap what is too long.",
                        "No positive integer: 400.",
                        service -> deadlineHeader(service, sample)),
                new Rule(
                        "in-time",
                        "Answer before X-Request-Deadline-Ms is over; what is not done by then is 504.",
                        "The **answer** is out by then: batch reads with what they have, others 504.",
                        service -> inTime(service, sample)),
                new Rule(
                        "health",
                        "Answer /q/health/live, /q/health/started and /q/health/ready with 200 once you serve; a port of their own or the same.",
                        "Management serves `/q/health/{live,ready,started,well}` and `/q/metrics`; the HTTP port does not.",
                        Conventions::health),
                new Rule(
                        "no-token",
                        "Ask who calls: without a token, or with one that you cannot verify, answer 401.",
                        "No or bad token: 401.",
                        service -> noToken(service, sample)));
    }

    /** Where what is answered belongs to a user. */
    static List<Rule> ofUsers(UserSample sample) {
        return List.of(
                new Rule(
                        "not-kept",
                        "Say Cache-Control: private, no-store and Vary: Authorization with what belongs to a user.",
                        "Anything that depends on the user: `Cache-Control: private, no-store`, `Vary: Authorization`.",
                        service -> notKept(service.ask(sample.read(service)).is(200))),
                new Rule(
                        "others-data",
                        "Refuse a user who asks for another one's data with 403.",
                        "The token's `sub` is the integer user id; paths with `/users/{id}/` need `{id}` = `sub` or role `service` or `admin`, else 403.",
                        service -> othersData(service, sample)),
                new Rule(
                        "erases-user",
                        "Erase a user at DELETE /ops/users/{id}: 200 with erased and kept, again 200, and nothing is left.",
                        "`DELETE /ops/users/{id}` (orders, wallet, notifications, favorites, cart, predictions) → 200 `{\"erased\":{\"addresses\":2},\"kept\":[\"what stays, and why\"]}`, again 200; 409 `user-busy` while an order is not settled or a message is on its way, and nothing was done.",
                        service -> erases(service, sample)));
    }

    private static HttpCall refused(TestedService service, Sample sample) throws BrokenRule {
        return sample.withId(service, "0").getFirst();
    }

    /** The rule of a service whose contract says so in a sentence of its own. */
    static Rule integers(String sentence, Sample sample) {
        return new Rule(
                "no-integer",
                "Answer 400 where an id in the path is no integer, not 404.",
                sentence,
                service -> refused(service, sample, NO_INTEGERS));
    }

    private static void refused(TestedService service, Sample sample, List<String> ids) throws BrokenRule {
        for (String id : ids) {
            for (HttpCall call : sample.withId(service, id)) {
                service.ask(call).is(400);
            }
        }
    }

    static void isJson(Exchange exchange) throws BrokenRule {
        String type = exchange.header("Content-Type")
                .toLowerCase(Locale.ROOT)
                .replace(" ", "")
                .replace("\"", "");
        if (!type.equals("application/json") && !type.equals("application/json;charset=utf-8")) {
            throw exchange.broken("as Content-Type '" + type + "', not application/json");
        }
        exchange.json();
    }

    private static void ids(TestedService service, Sample sample) throws BrokenRule {
        refused(service, sample, NO_IDS);
        for (HttpCall call : sample.largestId(service)) {
            service.ask(call).is(200, 204, 404);
        }
    }

    static void problem(Exchange exchange) throws BrokenRule {
        if (!exchange.header("Content-Type").toLowerCase(Locale.ROOT).startsWith("application/problem+json")) {
            throw exchange.broken("as Content-Type '" + exchange.header("Content-Type") + "'");
        }
        for (String name : List.of("type", "title", "detail", "instance", "trace_id")) {
            if (!exchange.member(name).isTextual()
                    || exchange.member(name).asText().isBlank()) {
                throw exchange.broken("whose '" + name + "' is no text");
            }
        }
        if (exchange.member("status").asInt() != exchange.status()) {
            throw exchange.broken("whose 'status' is another");
        }
        if (!PROBLEM_TYPE.matcher(exchange.member("type").asText()).matches()) {
            throw exchange.broken("whose 'type' is not urn:vitrina:problem:<slug>");
        }
        if (!exchange.member("instance").asText().startsWith("/")) {
            throw exchange.broken("whose 'instance' is not the path that was asked for");
        }
    }

    /** What a caller does wrong, from the harmless to the hostile. */
    private static List<HttpCall> mistakes(TestedService service, Sample sample) throws BrokenRule {
        HttpCall read = sample.read(service);
        HttpCall write = sample.write(service);
        List<HttpCall> calls = new ArrayList<>(List.of(
                HttpCall.get("/nowhere"),
                HttpCall.get("/users/%00/%FF"),
                HttpCall.get(read.path() + "/" + "9".repeat(200)),
                HttpCall.of("PATCH", read.path()).json("{}"),
                HttpCall.of("POST", read.path()).json("{}"),
                write.json("[".repeat(2_000)),
                write.json("{\"" + "a".repeat(2_000) + "\":1e999999999}"),
                write.json("\u0000"),
                read.header("X-Request-Deadline-Ms", "soon")));
        calls.addAll(sample.withId(service, "abc"));
        calls.addAll(sample.withId(service, "99999999999999999999"));
        calls.addAll(sample.withId(service, "%00"));
        return calls;
    }

    private static void callersMistakes(TestedService service, Sample sample) throws BrokenRule {
        for (HttpCall call : mistakes(service, sample)) {
            Exchange exchange = service.ask(call);
            if (exchange.status() >= 500) {
                throw exchange.broken("not 4xx");
            }
        }
    }

    private static void noInternals(TestedService service, Sample sample) throws BrokenRule {
        for (HttpCall call : mistakes(service, sample)) {
            Exchange exchange = service.ask(call);
            if (INTERNAL.matcher(exchange.body()).find()) {
                throw exchange.broken("which tells how the service is made");
            }
        }
    }

    private static void trailingSlash(TestedService service, Sample sample) throws BrokenRule {
        HttpCall read = sample.read(service);
        service.ask(read.at(read.path() + "/")).is(200);
        HttpCall write = sample.write(service);
        service.ask(write.at(write.path() + "/")).isDone();
    }

    private static List<HttpCall> ofEachKind(TestedService service, Sample sample) throws BrokenRule {
        return List.of(sample.read(service), sample.write(service), refused(service, sample), HttpCall.get("/nowhere"));
    }

    private static void requestId(TestedService service, Sample sample) throws BrokenRule {
        for (HttpCall call : ofEachKind(service, sample)) {
            String id = "kit-" + UUID.randomUUID();
            Exchange echoed = service.ask(call.header("X-Request-Id", id));
            if (!echoed.header("X-Request-Id").equals(id)) {
                throw echoed.broken("with X-Request-Id '" + echoed.header("X-Request-Id") + "'");
            }
            Exchange made = service.ask(call);
            if (!made.header("X-Request-Id").matches(UUID_FORM)) {
                throw made.broken("with X-Request-Id '" + made.header("X-Request-Id") + "', no UUID");
            }
        }
    }

    private static void everyAnswerSays(TestedService service, Sample sample, String header, String value)
            throws BrokenRule {
        for (HttpCall call : ofEachKind(service, sample)) {
            Exchange exchange = service.ask(call);
            if (!exchange.header(header).equals(value)) {
                throw exchange.broken("without " + header + ": " + value);
            }
        }
    }

    private static void deadlineHeader(TestedService service, Sample sample) throws BrokenRule {
        HttpCall read = sample.read(service);
        for (String wrong : List.of("0", "-5", "soon", "1.5")) {
            service.ask(read.header("X-Request-Deadline-Ms", wrong)).is(400);
        }
        service.ask(read.header("X-Request-Deadline-Ms", "900")).is(200);
        service.ask(read.header("X-Request-Deadline-Ms", "86400000")).is(200);
    }

    private static void inTime(TestedService service, Sample sample) throws BrokenRule {
        HttpCall read = sample.read(service).header("X-Request-Deadline-Ms", Integer.toString(DEADLINE_MILLIS));
        Exchange exchange = service.ask(read).is(200, 504);
        if (isLate(exchange)) {
            // a pause of a machine is no habit of the service's
            exchange = service.ask(read).is(200, 504);
            if (isLate(exchange)) {
                throw exchange.broken("after " + exchange.took().toMillis() + " ms, where " + DEADLINE_MILLIS
                        + " were left and " + ALLOWANCE_MILLIS + " are allowed for the way");
            }
        }
    }

    private static boolean isLate(Exchange exchange) {
        return exchange.took().toMillis() > DEADLINE_MILLIS + ALLOWANCE_MILLIS;
    }

    private static void health(TestedService service) throws BrokenRule, NotJudged {
        for (String check : List.of("live", "started", "ready")) {
            service.askManagement(HttpCall.get("/q/health/" + check)).is(200);
        }
    }

    private static void noToken(TestedService service, Sample sample) throws BrokenRule, NotJudged {
        if (service.address().token().isEmpty()) {
            throw new NotJudged("needs --token FILE, where the service asks who calls");
        }
        HttpCall write = sample.write(service);
        service.askAs(Optional.empty(), write).is(401);
        service.askAs(Optional.of("bad"), write).is(401);
    }

    private static void othersData(TestedService service, Sample sample) throws BrokenRule, NotJudged {
        if (service.address().stranger().isEmpty()) {
            throw new NotJudged("needs --other-token FILE, where the service asks who calls");
        }
        service.askAs(service.address().stranger(), sample.read(service)).is(403);
        service.askAs(service.address().stranger(), sample.write(service)).is(403);
    }

    private static void erases(TestedService service, UserSample sample) throws BrokenRule {
        int user = sample.userWithData(service);
        for (int i = 0; i < 2; i++) {
            Exchange erased = service.delete("/ops/users/" + user).is(200);
            if (!erased.member("erased").isObject() || !erased.member("kept").isArray()) {
                throw erased.broken("not with an object 'erased' and a list 'kept'");
            }
        }
        sample.hasNothing(service, user);
    }

    private static void notKept(Exchange exchange) throws BrokenRule {
        String control = exchange.header("Cache-Control").toLowerCase(Locale.ROOT);
        if (!control.contains("private") || !control.contains("no-store")) {
            throw exchange.broken("with Cache-Control '" + control + "'");
        }
        if (!exchange.header("Vary").toLowerCase(Locale.ROOT).contains("authorization")) {
            throw exchange.broken("without Vary: Authorization");
        }
    }
}
