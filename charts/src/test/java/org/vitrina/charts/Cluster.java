package org.vitrina.charts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What {@code lookup} asks while a chart is rendered: a server that knows the objects it was given, and nothing at first, as
 * {@code helm template} does. helm-java asks the cluster of KUBECONFIG, which the build points at this one, so that no test ever
 * sees a real one.
 */
final class Cluster implements AutoCloseable {
    static final String NAMESPACE = "shop";

    private static final Path KUBECONFIG = Path.of(Optional.ofNullable(System.getenv("KUBECONFIG"))
            .orElseThrow(() -> new IllegalStateException("KUBECONFIG is not set: run the tests by Maven")));

    /** A folder that no other process of the tests has. */
    static final Path FOLDER =
            Objects.requireNonNull(KUBECONFIG.toAbsolutePath().getParent());

    private static final Map<String, String> OBJECTS = new ConcurrentHashMap<>();
    private static final String RESOURCES =
            """
            {"kind":"APIResourceList","groupVersion":"v1","resources":[
              {"name":"secrets","namespaced":true,"kind":"Secret","verbs":["get"]},
              {"name":"serviceaccounts","namespaced":true,"kind":"ServiceAccount","verbs":["get"]}]}
            """;
    private static final String APPS =
            """
            {"kind":"APIResourceList","groupVersion":"apps/v1","resources":[
              {"name":"deployments","namespaced":true,"kind":"Deployment","verbs":["get"]}]}
            """;
    private static final String BATCH =
            """
            {"kind":"APIResourceList","groupVersion":"batch/v1","resources":[
              {"name":"jobs","namespaced":true,"kind":"Job","verbs":["get"]}]}
            """;
    private static final Map<String, String> KINDS =
            Map.of("/api/v1", RESOURCES, "/apis/apps/v1", APPS, "/apis/batch/v1", BATCH);
    private static final Map<String, String> GROUPS = Map.of("Deployment", "/apis/apps/v1", "Job", "/apis/batch/v1");
    private static final String NOT_FOUND =
            """
            {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}
            """;

    static {
        // head and body of an answer are written apart: the second waits 40 ms for the first one's acknowledgement
        // without this
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", Cluster::answer);
            server.start();
            Files.createDirectories(FOLDER);
            Files.writeString(
                    KUBECONFIG,
                    """
                    {"apiVersion":"v1","kind":"Config","current-context":"tests",
                     "clusters":[{"name":"tests","cluster":{"server":"http://127.0.0.1:%d"}}],
                     "contexts":[{"name":"tests","context":{"cluster":"tests","user":""}}]}
                    """
                            .formatted(server.getAddress().getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final List<String> paths;

    private Cluster(List<String> paths) {
        this.paths = paths;
    }

    /** With nothing in it. */
    static void start() {
        // the class is there now, and with it the server
    }

    static boolean isEmpty() {
        return OBJECTS.isEmpty();
    }

    /** With these objects of the namespace, and its service account, until it is closed. */
    static Cluster with(JsonNode... objects) {
        Cluster cluster = new Cluster(new java.util.ArrayList<>());
        cluster.put("ServiceAccount", "default", "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\"}");
        for (JsonNode object : objects) {
            cluster.put(Manifests.kind(object), Manifests.name(object), object.toString());
        }
        return cluster;
    }

    private void put(String kind, String name, String json) {
        String path = GROUPS.getOrDefault(kind, "/api/v1") + "/namespaces/" + NAMESPACE + "/"
                + kind.toLowerCase(Locale.ROOT) + "s/" + name;
        paths.add(path);
        OBJECTS.put(path, json);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String found = KINDS.containsKey(path) ? KINDS.get(path) : OBJECTS.get(path);
        byte[] body = (found == null ? NOT_FOUND : found).getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(found == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        paths.forEach(OBJECTS::remove);
    }
}
