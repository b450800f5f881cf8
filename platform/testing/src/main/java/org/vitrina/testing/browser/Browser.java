package org.vitrina.testing.browser;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A real Chromium, led by its own protocol (Chrome DevTools); one process for a test class, a tab for each look. */
public final class Browser implements AutoCloseable {
    /** Declares {@code axe} in a page; a page's policy does not bind the debugger. Read when it is needed first. */
    private static final class Axe {
        static final String SCRIPT = axe();
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final List<JsonObject> events = new CopyOnWriteArrayList<>();

    private Browser(Process process, Path profile, URI address) {
        this.process = process;
        this.profile = profile;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Listener())
                .join();
    }

    /** Where it is on this machine. */
    private static Optional<String> program() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    /** A new process; where there is no Chromium the test that asks for one is skipped, and says why. */
    public static Browser start() throws IOException {
        Assumptions.assumeTrue(program().isPresent(), "no Chromium here, so no page is looked at in one");
        Path profile = Files.createTempDirectory("vitrina-browser");
        Process process = new ProcessBuilder(
                        program().orElseThrow(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--remote-allow-origins=*",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        while ((line = said.readLine()) != null) {
            if (line.startsWith("DevTools listening on ")) {
                Thread.ofVirtual().start(() -> said.lines().forEach(rest -> {}));
                return new Browser(process, profile, URI.create(line.substring("DevTools listening on ".length())));
            }
        }
        throw new IOException("Chromium ended at its start");
    }

    private static String axe() {
        try (InputStream file = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(
                                    file, "axe.min.js is not on the class path: com.deque.html.axe-core:playwright")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tab of this size. */
    public Tab tab(int width, int height) {
        String target = call(null, "Target.createTarget", new JsonObject().put("url", "about:blank"))
                .getString("targetId");
        String session = call(
                        null,
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true))
                .getString("sessionId");
        Tab tab = new Tab(session, target);
        for (String domain : List.of("Page", "Network", "Log", "Runtime")) {
            tab.call(domain + ".enable", new JsonObject());
        }
        return tab.size(width, height);
    }

    /** One page being looked at. */
    public final class Tab implements AutoCloseable {
        private final String session;
        private final String target;

        private Tab(String session, String target) {
            this.session = session;
            this.target = target;
        }

        private JsonObject call(String method, JsonObject parameters) {
            return Browser.this.call(session, method, parameters);
        }

        public Tab size(int width, int height) {
            call(
                    "Emulation.setDeviceMetricsOverride",
                    new JsonObject()
                            .put("width", width)
                            .put("height", height)
                            .put("deviceScaleFactor", 1)
                            .put("mobile", width < 700));
            return this;
        }

        public Tab withoutScript() {
            call("Emulation.setScriptExecutionDisabled", new JsonObject().put("value", true));
            return this;
        }

        /** @param colours {@code light} or {@code dark} */
        public Tab colours(String colours) {
            var feature = new JsonObject().put("name", "prefers-color-scheme").put("value", colours);
            call("Emulation.setEmulatedMedia", new JsonObject().put("features", new JsonArray().add(feature)));
            return this;
        }

        /** Without any connection, or with it again. */
        public Tab offline(boolean offline) {
            call(
                    "Network.emulateNetworkConditions",
                    new JsonObject()
                            .put("offline", offline)
                            .put("latency", 0)
                            .put("downloadThroughput", -1)
                            .put("uploadThroughput", -1));
            return this;
        }

        /** As a browser that was never here. */
        public Tab withoutCopies() {
            call("Network.setCacheDisabled", new JsonObject().put("cacheDisabled", true));
            return this;
        }

        /**
         * What axe-core finds wrong with the page, one line each: rule, and where; needs scripts, and {@code axe.min.js} on the
         * class path of whoever asks.
         */
        public List<String> barriers() {
            evaluate(Axe.SCRIPT);
            Object found = evaluate(
                    "axe.run().then(result => result.violations.flatMap(rule => "
                            + "rule.nodes.map(node => rule.id + ' ' + node.target.flat().join(' ') + ' ' + node.failureSummary)))");
            return ((JsonArray) found).stream().map(String::valueOf).toList();
        }

        public Tab language(String language) {
            call(
                    "Network.setExtraHTTPHeaders",
                    new JsonObject().put("headers", new JsonObject().put("Accept-Language", language)));
            return this;
        }

        /** Begins to load; what comes is looked at with {@link #until}. */
        public Tab open(URI url) {
            call("Page.navigate", new JsonObject().put("url", url.toString()));
            return this;
        }

        /** The value of an expression of JavaScript in the page. */
        public Object evaluate(String expression) {
            JsonObject result = call(
                            "Runtime.evaluate",
                            new JsonObject()
                                    .put("expression", expression)
                                    .put("returnByValue", true)
                                    .put("awaitPromise", true))
                    .getJsonObject("result");
            return result.getValue("value");
        }

        public Tab until(String condition) {
            await(condition)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Boolean.TRUE.equals(evaluate(condition)));
            return this;
        }

        /** Until all has come and every file is there. */
        public Tab whole() {
            return until("document.readyState === 'complete' && document.querySelector('h1') !== null");
        }

        public Tab screenshot(String name) {
            byte[] png = Base64.getDecoder()
                    .decode(call("Page.captureScreenshot", new JsonObject().put("captureBeyondViewport", false))
                            .getString("data"));
            try {
                Path folder = Files.createDirectories(Path.of("target", "screenshots"));
                Files.write(folder.resolve(name + ".png"), png);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        /** What the browser has complained of: scripts, files, the policy. */
        public List<String> complaints() {
            return events("Log.entryAdded")
                    .map(event -> event.getJsonObject("entry"))
                    .filter(entry -> entry.getString("level").equals("error"))
                    .map(entry -> entry.getString("text") + " " + entry.getString("url"))
                    .toList();
        }

        /** Everything that it has asked for. */
        public List<String> requests() {
            return events("Network.requestWillBeSent")
                    .map(event -> event.getJsonObject("request").getString("url"))
                    .toList();
        }

        private Stream<JsonObject> events(String method) {
            return events.stream()
                    .filter(event ->
                            session.equals(event.getString("sessionId")) && method.equals(event.getString("method")))
                    .map(event -> event.getJsonObject("params"));
        }

        @Override
        public void close() {
            Browser.this.call(null, "Target.closeTarget", new JsonObject().put("targetId", target));
        }
    }

    private JsonObject call(@Nullable String session, String method, JsonObject parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        JsonObject message =
                new JsonObject().put("id", id).put("method", method).put("params", parameters);
        if (session != null) {
            message.put("sessionId", session);
        }
        send(message.encode());
        JsonObject got =
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (got.containsKey("error")) {
            throw new IllegalStateException(method + ": " + got.getJsonObject("error"));
        }
        return got.getJsonObject("result");
    }

    /** One at a time: a second message must not begin before the first has left. */
    private synchronized void send(String text) {
        socket.sendText(text, true).join();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonObject message = new JsonObject(text.toString());
                text.setLength(0);
                CompletableFuture<JsonObject> answer =
                        message.containsKey("id") ? answers.remove(message.getInteger("id")) : null;
                if (answer != null) {
                    answer.complete(message);
                } else {
                    events.add(message);
                }
            }
            from.request(1);
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
