package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A small service in memory that keeps its contract, but for the one rule that it is told to break. */
abstract class Replacement implements AutoCloseable {
    private static final String TOKEN = "of-the-kit";
    private static final String STRANGER = "of-a-stranger";
    private static final int LIMIT = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // else each answer waits for the acknowledgement of its head
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final String broken;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** An answer; without a body where there is none. */
    record Reply(int status, String type, @Nullable String body) {
        static final Reply DONE = new Reply(204, "", null);

        static Reply json(String body) {
            return new Reply(200, "application/json", body);
        }
    }

    /** A problem instead. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        final int status;
        /** The field that is wrong; with a kind what else is told. */
        final String about;

        final String kind;

        Refusal(int status) {
            this(status, "");
        }

        Refusal(int status, String violation) {
            this(status, violation, "no");
        }

        Refusal(int status, String about, String kind) {
            super(Integer.toString(status));
            this.status = status;
            this.about = about;
            this.kind = kind;
        }
    }

    Replacement(String broken) {
        this.broken = broken;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    final boolean breaks(String rule) {
        return broken.equals(rule);
    }

    final TestedAddress address() {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new TestedAddress(url, Optional.of(url), Optional.of(TOKEN), Optional.of(STRANGER));
    }

    /** @param path its segments */
    abstract Reply answer(String method, List<String> path, HttpExchange exchange, byte[] body) throws Refusal;

    /** What its writes are sent as. */
    String mediaType() {
        return "application/json";
    }

    /** How many pieces of data the user had. */
    int erase(int user) {
        return 0;
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Reply reply;
        try {
            reply = reply(exchange, body);
        } catch (Refusal refused) {
            reply = problem(exchange, refused);
        }
        head(exchange, reply);
        byte[] bytes = reply.body() == null ? new byte[0] : reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void head(HttpExchange exchange, Reply reply) {
        var headers = exchange.getResponseHeaders();
        String given = exchange.getRequestHeaders().getFirst("X-Request-Id");
        boolean kept = given != null && !(breaks("request-id") && reply.status() == 400);
        headers.set("X-Request-Id", kept ? given : UUID.randomUUID().toString());
        if (!(breaks("nosniff") && reply.status() == 404)) {
            headers.set("X-Content-Type-Options", "nosniff");
        }
        headers.set("Cache-Control", breaks("not-kept") ? "no-cache" : "private, no-store");
        headers.set("Vary", "Authorization");
        if (reply.status() == 415 && !breaks("media-type")) {
            headers.set("Accept", mediaType());
        }
        if (!reply.type().isEmpty()) {
            headers.set("Content-Type", reply.status() == 200 && breaks("json") ? "text/html" : reply.type());
        }
    }

    private Reply reply(HttpExchange exchange, byte[] body) throws Refusal {
        String path = exchange.getRequestURI().getRawPath();
        if (path.startsWith("/q/health/")) {
            return breaks("health") && path.endsWith("ready") ? new Reply(503, "", null) : Reply.json("{}");
        }
        if (path.endsWith("/") && breaks("trailing-slash")) {
            throw new Refusal(404);
        }
        boolean length = exchange.getRequestHeaders().containsKey("Content-Length");
        if (body.length > (breaks("body-size") ? LIMIT / 2 : LIMIT) && (length || !breaks("body-limit"))) {
            throw new Refusal(413);
        }
        judgeCaller(exchange.getRequestHeaders().getFirst("Authorization"));
        judgeDeadline(exchange.getRequestHeaders().getFirst("X-Request-Deadline-Ms"));
        List<String> segments =
                Arrays.asList(path.replaceFirst("/$", "").substring(1).split("/", -1));
        String method = exchange.getRequestMethod();
        if (segments.getFirst().equals("ops") && method.equals("DELETE") && !breaks("erases-user")) {
            return Reply.json("{\"erased\":{\"lines\":" + erase(id(segments.get(2))) + "},\"kept\":[]}");
        }
        if (segments.getFirst().equals("nowhere") && breaks("callers-mistake")) {
            throw new Refusal(500);
        }
        return answer(method, segments, exchange, body);
    }

    private void judgeCaller(@Nullable String authorization) throws Refusal {
        if (("Bearer " + STRANGER).equals(authorization)) {
            if (!breaks("others-data")) {
                throw new Refusal(403);
            }
        } else if (!("Bearer " + TOKEN).equals(authorization) && !breaks("no-token")) {
            throw new Refusal(401);
        }
    }

    private void judgeDeadline(@Nullable String deadline) throws Refusal {
        if (deadline == null || breaks("deadline-header")) {
            return;
        }
        if (!deadline.matches("[1-9]\\d*")) {
            throw new Refusal(400);
        }
        if (breaks("in-time") && deadline.length() < 4) {
            try {
                Thread.sleep(1_100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One of a path. */
    final int id(String text) throws Refusal {
        if (breaks("no-integer") && text.equals("abc")) {
            throw new Refusal(404);
        }
        if (!text.matches("-?\\d{1,10}")) {
            throw new Refusal(400);
        }
        long id = Long.parseLong(text);
        if (id < 1 || (id > Integer.MAX_VALUE && !breaks("ids"))) {
            throw new Refusal(400);
        }
        return (int) id;
    }

    private Reply problem(HttpExchange exchange, Refusal refused) {
        String detail = breaks("no-internals") ? "java.lang.IllegalStateException: no" : "Not so.";
        if (refused.status == 415) {
            detail = "Send " + mediaType() + ".";
        }
        String violations = refused.about.isEmpty() || breaks("violations")
                ? ""
                : ",\"violations\":[{\"field\":\"" + refused.about + "\",\"message\":\"is too large\"}]";
        String body =
                "{\"type\":\"urn:vitrina:problem:%s\",\"title\":\"No\",\"status\":%d,\"detail\":\"%s\",\"instance\":\"%s\"%s%s}"
                        .formatted(
                                refused.kind,
                                refused.status,
                                detail,
                                exchange.getRequestURI().getRawPath(),
                                breaks("problem") ? "" : ",\"trace_id\":\"1\"",
                                violations);
        return new Reply(refused.status, "application/problem+json", body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    /** A body as a service reads it. */
    final JsonNode json(HttpExchange exchange, byte[] body) throws Refusal {
        if (!header(exchange, "Content-Encoding").isEmpty() && !breaks("content-encoding")) {
            throw new Refusal(415);
        }
        if (!header(exchange, "Content-Type").equals(mediaType())) {
            throw new Refusal(415);
        }
        return read(body);
    }

    static JsonNode read(byte[] body) throws Refusal {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new Refusal(400);
        }
    }

    /** Long enough for others to come between. */
    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }
}
