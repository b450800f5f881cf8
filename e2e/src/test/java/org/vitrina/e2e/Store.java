package org.vitrina.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrina.launcher.Address;
import org.vitrina.launcher.PartState;
import org.vitrina.launcher.PartStatus;
import org.vitrina.launcher.Stack;
import org.vitrina.launcher.StackBuilder;
import org.vitrina.testing.TraceCollector;
import org.vitrina.testing.proxy.FaultProxy;

/**
 * The packaged store, started once for all suites, with a fault proxy on every line between its parts and two BFFs: one
 * without cache and one with the sidecar cache, both over the same proxies.
 */
final class Store {
    /** What the matrix shortens so that recovery can be waited for. */
    static final Duration RESET_INTERVAL = Duration.ofMillis(500);
    /** Copies of the cached BFF go stale fast, so that a fault shows at once. */
    static final Duration TTL = Duration.ofMillis(100);

    /** How long a part that is told to end still answers, as in the cluster. */
    private static final Duration SHUTDOWN_DELAY = Duration.ofSeconds(1);

    static final List<String> SERVICES = List.of("products", "inventory", "favorites", "cart");

    /** Those whose logs are looked at. */
    static final List<String> LOGGING = List.of(
            "bff", "products", "inventory", "favorites", "cart", "orders", "wallet", "notifications", "predictions");

    private static final Map<String, String> CHART_HEAP =
            Map.of("bff", "153m", "orders", "115m", "wallet", "115m", "cart", "115m");

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    /** Where the data of its parts lies. */
    static final Path FOLDER = PROJECT.resolve("e2e/target/store");

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final Map<String, FaultProxy> proxies = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Deque<Stack> started = new ConcurrentLinkedDeque<>();
    private final TraceCollector traces = new TraceCollector();
    private final Map<String, Long> logsBefore = sizes(FOLDER.resolve("logs"));
    private volatile boolean spoiled;
    private final Stack stack;
    private final Stack second;
    private final Shop cached;
    private final Shop uncached;

    /** The one store of this JVM. */
    private static final class Running {
        static final Store STORE = new Store();
    }

    private Store() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "store-shutdown"));
        StackBuilder whole = Stack.builder(PROJECT).directory(FOLDER);
        for (String service : SERVICES) {
            whole.between(service, "postgres", detour(service + "-db", FaultProxy::postgres));
            whole.between("bff", service, detour(service, FaultProxy::http));
            whole.environment(service, "VITRINA_SHUTDOWN_DELAY", SHUTDOWN_DELAY.toMillis() + "ms");
        }
        whole.environment("bff", "VITRINA_SHUTDOWN_DELAY", SHUTDOWN_DELAY.toMillis() + "ms");
        // as the chart has it: 30 % of the memory limit
        CHART_HEAP.forEach((service, heap) -> whole.jvm(service, "-Xmx" + heap));
        whole.between("bff", "redis", detour("redis", FaultProxy::redis));
        testProfile(whole);
        stack = whole.start();
        started.addFirst(stack);
        StackBuilder beside = Stack.builder(PROJECT)
                .directory(PROJECT.resolve("e2e/target/store-uncached"))
                .only("bff")
                .environment("bff", "VITRINA_CACHE_TOPOLOGY", "off")
                .environment(
                        "bff", "VITRINA_BFF_OPS_REPLICAS", stack.address("bff").url());
        for (String service : SERVICES) {
            beside.between("bff", service, unused -> proxied(service));
        }
        testProfile(beside);
        second = beside.start();
        started.addFirst(second);
        stack.awaitReady(TIMEOUT);
        second.awaitReady(TIMEOUT);
        cached = new Shop(stack.address("bff").url());
        uncached = new Shop(second.address("bff").url());
        for (Shop shop : List.of(cached, uncached)) {
            shop.awaitComplete(Duration.ofSeconds(20));
            // classes are loaded and code compiled before any time is taken
            for (int i = 0; i < 20; i++) {
                shop.pages(30);
            }
        }
    }

    static Store running() {
        return Running.STORE;
    }

    /** The source tree under test. */
    static Path project() {
        return PROJECT;
    }

    /** What a command of {@code ./vitrina} prints for the system of that folder; it must end well. */
    static String vitrina(Path folder, String command, String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(PROJECT.resolve("vitrina").toString(), command);
        builder.command().addAll(List.of(words));
        builder.environment().put("VITRINA_DIR", folder.toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "./vitrina " + command + " ended with " + process.exitValue() + ": " + printed);
        }
        return printed;
    }

    /** The proxy before a service (its name), its database ({@code products-db}) or {@code redis}. */
    FaultProxy proxy(String name) {
        FaultProxy proxy = proxies.get(name);
        if (proxy == null) {
            throw new IllegalArgumentException("no proxy " + name + ", only " + proxies.keySet());
        }
        return proxy;
    }

    /** The parts' processes; its BFF is the cached one. */
    Stack stack() {
        return stack;
    }

    /** The BFF without cache alone. */
    Stack uncachedStack() {
        return second;
    }

    /** A customer of the BFF with the sidecar cache. */
    Shop cached() {
        return cached;
    }

    /** A customer of the BFF without cache. */
    Shop uncached() {
        return uncached;
    }

    /** Status of a health check of a part: {@code live}, {@code ready} or {@code started}. */
    int health(String part, String check) {
        return Shop.get(http, URI.create(stack.managementAddress(part).url() + "/q/health/" + check))
                .statusCode();
    }

    /** What a service's metrics are. */
    String metrics(String part) {
        return Shop.get(http, URI.create(stack.managementAddress(part).url() + "/q/metrics"))
                .body();
    }

    /** What a part itself answers, no proxy between. */
    String ask(String part, String path) {
        return Shop.get(http, URI.create(stack.address(part).url() + path)).body();
    }

    /** Ends every fault, starts what is not running and waits until both BFFs show complete pages and Redis is in use again. */
    void heal() {
        proxies.values().forEach(FaultProxy::heal);
        for (PartStatus part : stack.parts()) {
            if (part.state() == PartState.STOPPED || part.state() == PartState.DEAD) {
                stack.start(part.name());
                stack.awaitReady(part.name(), TIMEOUT);
            }
        }
        uncached.awaitComplete(Duration.ofSeconds(15));
        cached.awaitComplete(Duration.ofSeconds(15));
        // a page from before the by-pass ended has left no copy
        URI resilience = URI.create(stack.address("bff").url() + "/ops/resilience");
        await().atMost(Duration.ofSeconds(15))
                .until(() -> Shop.get(http, resilience).body().contains("\"bypassed\":false"));
        cached.awaitComplete(Duration.ofSeconds(15));
        cached.page();
    }

    /** The lines of a part's log since the store was started. */
    List<String> log(String part) {
        try (RandomAccessFile file = new RandomAccessFile(stack.log(part).toFile(), "r")) {
            file.seek(logsBefore.getOrDefault(part, 0L));
            byte[] written = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(written);
            return new String(written, UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Long> sizes(Path logs) {
        try (Stream<Path> files = Files.exists(logs) ? Files.list(logs) : Stream.of()) {
            return files.collect(
                    Collectors.toMap(log -> log.getFileName().toString().replace(".log", ""), log -> log.toFile()
                            .length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What follows leaves data that no other run can use: they go when the store ends. */
    void spoil() {
        spoiled = true;
    }

    /** What is told of requests whose callers ask for it: nobody else's is recorded. */
    TraceCollector traces() {
        return traces;
    }

    private void testProfile(StackBuilder builder) {
        builder.traces(traces.url(), 0);
        for (String part : LOGGING) {
            builder.environment(part, "VITRINA_LOG", "json");
        }
        for (String service : SERVICES) {
            builder.environment(
                    "bff",
                    "VITRINA_BFF_" + service.toUpperCase(java.util.Locale.ROOT) + "_RESET_INTERVAL",
                    RESET_INTERVAL.toMillis() + "ms");
        }
        builder.environment("bff", "VITRINA_BFF_PRODUCTS_TTL", TTL.toMillis() + "ms");
        builder.environment("bff", "VITRINA_BFF_INVENTORY_TTL", TTL.toMillis() + "ms");
    }

    private UnaryOperator<Address> detour(String name, IntFunction<FaultProxy> protocol) {
        return real -> {
            proxies.put(name, protocol.apply(real.port()));
            return proxied(name);
        };
    }

    private Address proxied(String name) {
        return new Address("127.0.0.1", proxy(name).port());
    }

    private void close() {
        // processes first, so that nobody logs the proxies' end as a fault
        started.forEach(Stack::close);
        proxies.values().forEach(FaultProxy::close);
        traces.close();
        if (spoiled) {
            removeData();
        }
    }

    private static void removeData() {
        try (Stream<Path> files = Files.walk(FOLDER.resolve("postgres"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
