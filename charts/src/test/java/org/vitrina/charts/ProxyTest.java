package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chart's nginx settings in Debian's nginx, before a server that answers as the bff does. */
@Timeout(120)
class ProxyTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final String PUBLIC = "public, max-age=%d, stale-while-revalidate=1, stale-if-error=600";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger unchanged = new AtomicInteger();
    private volatile String caching = PUBLIC.formatted(60);
    private volatile String version = "1";
    private volatile Map<String, String> forwarded = Map.of();
    private HttpServer bff;
    private Process nginx;
    private int port;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not installed here: apt-get install nginx-light");
        bff = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bff.createContext("/", this::answer);
        bff.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        bff.start();
        port = freePort();
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Path settings = folder.resolve("nginx.conf");
        String rendered = Chart.ofCombination("proxy")
                .manifests()
                .one("ConfigMap", "vitrina-proxy")
                .at("/data/nginx.conf")
                .asText();
        assertThat(rendered).contains("server vitrina-bff:80;", "listen 8080;");
        String root = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        Files.writeString(
                settings,
                root
                        + rendered.replace(
                                        "server vitrina-bff:80;",
                                        "server 127.0.0.1:" + bff.getAddress().getPort() + ";")
                                .replace("listen 8080;", "listen 127.0.0.1:" + port + ";")
                                .replace("/tmp/", temporary + "/")
                                .replace("proxy_cache_path /cache", "proxy_cache_path " + cache));
        nginx = new ProcessBuilder(NGINX.toString(), "-c", settings.toString(), "-g", "daemon off;")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        await(this::listens);
    }

    @AfterEach
    void end() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            if (!nginx.waitFor(10, TimeUnit.SECONDS)) {
                nginx.descendants().forEach(ProcessHandle::destroyForcibly);
                nginx.destroyForcibly();
            }
        }
        if (bff != null) {
            bff.stop(0);
        }
    }

    @Test
    void answersFromWhatItKeepsAndSaysSo() throws Exception {
        HttpResponse<String> first = get("/products/1");
        HttpResponse<String> second = get("/products/1");

        // the nearest to the origin comes first; of a kept answer what it said when it came
        assertThat(first.headers().allValues("Cache-Status")).containsExactly("bff; fwd=miss", "nginx; fwd=uri-miss");
        assertThat(second.headers().allValues("Cache-Status")).containsExactly("bff; fwd=miss", "nginx; hit");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(second.headers().firstValue("Age")).isEmpty();
        assertThat(asked).hasValue(1);
        HttpResponse<String> known = get("/products/1", "If-None-Match", "\"1\"");
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksAgainWithTheVersionThatItHasAndSeesAChange() throws Exception {
        caching = PUBLIC.formatted(1);
        get("/products/1");
        await(() -> {
            get("/products/1");
            return unchanged.get() > 0;
        });

        version = "2";
        long changed = System.nanoTime();

        // a purge is not needed: the answer's own life is the bound, which nginx counts in whole seconds
        AtomicLong lastOld = new AtomicLong(changed);
        await(() -> {
            long now = System.nanoTime();
            boolean old = get("/products/1").body().contains("version 1");
            if (old) {
                lastOld.set(now);
            }
            return !old;
        });
        assertThat(Duration.ofNanos(lastOld.get() - changed)).isLessThan(Duration.ofSeconds(1 + 1 + 1));
    }

    @Test
    void handsOnTheGatewaysPrefixAndScheme() throws Exception {
        get("/", "X-Forwarded-Prefix", "/north", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example");

        assertThat(forwarded)
                .containsEntry("prefix", "/north")
                .containsEntry("proto", "https")
                .containsEntry("host", "shop.example")
                .containsEntry("for", "127.0.0.1");
        get("/");
        assertThat(forwarded).containsEntry("proto", "http").doesNotContainKey("prefix");
    }

    @Test
    void answersWithWhatItHasWhileTheBffIsAway() throws Exception {
        caching = PUBLIC.formatted(1);
        get("/products/1");
        bff.stop(0);

        await(() -> get("/products/1").headers().allValues("Cache-Status").contains("nginx; hit; detail=stale"));

        assertThat(get("/products/1").statusCode()).isEqualTo(200);
        assertThat(get("/products/2").statusCode()).isEqualTo(502);
        assertThat(get("/products/all?user_id=1").statusCode()).isEqualTo(502);
    }

    @Test
    void neverAnswersOneCallerWithWhatIsAnothers() throws Exception {
        List<String> paths = List.of(
                "/products/1",
                "/products/all",
                "/products/all?user_id=1",
                "/predictions/product/1",
                "/predictions/requests/1",
                "/cart",
                "/api/v1/orders/",
                "/",
                "/shop/cart",
                "/assets/shop-abc.js");
        List<String> answers = List.of(
                PUBLIC.formatted(60),
                "private, no-store",
                "no-cache",
                "no-store",
                "private",
                "public, max-age=60, private",
                "");
        Random random = new Random(19);
        for (int i = 0; i < 600; i++) {
            caching = answers.get(random.nextInt(answers.size()));
            String path = paths.get(random.nextInt(paths.size()));
            String language = random.nextBoolean() ? "en" : "ru";
            List<String> fields = new ArrayList<>(List.of("Accept-Language", language));
            int kind = random.nextInt(4);
            if (kind == 0 || kind == 2) {
                fields.addAll(List.of("Authorization", "Bearer secret-" + i));
            }
            if (kind == 1 || kind == 2) {
                fields.addAll(List.of("Cookie", "session=secret-" + i));
            }

            HttpResponse<String> answer = get(path, fields.toArray(String[]::new));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).as(path).contains(" in " + language + " for ");
            if (kind == 3) {
                assertThat(answer.body()).as(path).doesNotContain("secret");
            } else {
                assertThat(answer.body()).as(path).contains("secret-" + i + ";");
            }
        }
        // nor is a bit of it on the disk
        try (var files = Files.walk(folder.resolve("cache"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
            }
        }
    }

    @Test
    void letsInWhoIsNamedAndReachesTheBffOnly() {
        Manifests manifests = Chart.ofCombination("proxy").manifests();
        JsonNode policy = manifests.one("NetworkPolicy", "vitrina-proxy").path("spec");
        assertThat(policy.at("/ingress/0/from/0/podSelector/matchLabels/app").asText())
                .isEqualTo("gateway");
        assertThat(policy.at("/egress/1/to/0/podSelector/matchLabels/app.kubernetes.io~1component")
                        .asText())
                .isEqualTo("bff");
        assertThat(manifests
                        .one("NetworkPolicy", "vitrina-bff")
                        .at("/spec/ingress")
                        .toString())
                .contains("\"proxy\"");
        assertThat(Chart.ofVitrina().text()).doesNotContain("vitrina-proxy");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            Map<String, String> said = new HashMap<>();
            for (String field : List.of("Prefix", "Proto", "Host", "For")) {
                String value = exchange.getRequestHeaders().getFirst("X-Forwarded-" + field);
                if (value != null) {
                    said.put(field.toLowerCase(Locale.ROOT), value);
                }
            }
            forwarded = said;
            exchange.getResponseHeaders().set("ETag", "\"" + version + "\"");
            exchange.getResponseHeaders().set("Cache-Status", "bff; fwd=miss");
            exchange.getResponseHeaders().set("Vary", "Accept-Language");
            exchange.getResponseHeaders().set("Age", "1");
            if (!caching.isEmpty()) {
                exchange.getResponseHeaders().set("Cache-Control", caching);
            }
            if (List.of("\"" + version + "\"")
                    .equals(exchange.getRequestHeaders().get("If-None-Match"))) {
                unchanged.incrementAndGet();
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            String who = exchange.getRequestHeaders().getOrDefault("Authorization", List.of("nobody")) + ";"
                    + exchange.getRequestHeaders().getOrDefault("Cookie", List.of("no cookie")) + ";";
            String language = exchange.getRequestHeaders().getFirst("Accept-Language");
            byte[] body = ("version " + version + " in " + language + " for "
                            + who.replace("]", "").replace("[", ""))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private HttpResponse<String> get(String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        if (fields.length > 0) {
            request.headers(fields);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            if (!nginx.isAlive()) {
                throw new IllegalStateException("nginx ended: " + log());
            }
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("nginx.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
