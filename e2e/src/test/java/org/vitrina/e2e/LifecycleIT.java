package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.FreePort;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** Each packaged service from its start to its end. */
class LifecycleIT {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(30);

    private static final Map<String, String> A_READ = Map.of(
            "products", "/products?limit=3",
            "inventory", "/products/1/inventory",
            "favorites", "/users/1/favorites",
            "cart", "/users/1/cart",
            "bff", "/products/all?user_id=1");

    @BeforeEach
    @AfterEach
    void heal() {
        Store.running().heal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "inventory", "favorites", "cart", "bff"})
    void refusesToStartWithValuesThatCannotBeReadOrAreOutOfBoundsAndNamesEachInALine(String service) throws Exception {
        Map<String, String> bad = new HashMap<>(surroundings(service, FreePort.find()));
        Set<String> keys = new HashSet<>(outOfBounds(service, bad));
        keys.addAll(unreadable(service, bad));
        assertRefusesToStart(service, bad, keys);
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "inventory", "favorites", "cart", "bff"})
    void refusesToStartWithValuesOutOfBoundsAndNamesEachInALine(String service) throws Exception {
        Map<String, String> bad = new HashMap<>(surroundings(service, FreePort.find()));
        assertRefusesToStart(service, bad, outOfBounds(service, bad));
    }

    private static void assertRefusesToStart(String service, Map<String, String> bad, Collection<String> keys)
            throws InterruptedException {
        try (ServiceProcess process = ServiceProcess.start(service, bad)) {
            boolean listened = false;
            while (process.isAlive()) {
                listened |= process.isListening();
                Thread.sleep(20);
            }
            assertThat(process.exit(START)).as(process.output()).isNotZero();
            assertThat(listened).as("opened a port: %s", process.output()).isFalse();
            for (String key : keys) {
                assertThat(process.output().lines().filter(line -> line.contains(key)))
                        .as("one line for %s in\n%s", key, process.output())
                        .hasSize(1);
            }
            assertThat(process.output()).doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "inventory", "favorites", "cart"})
    void opensItsPortsWithoutDatabaseAndSaysThatItIsStarting(String service) throws Exception {
        try (ServiceProcess process = ServiceProcess.start(service, surroundings(service, FreePort.find()))) {
            await().atMost(START).until(process::isListening);
            await().atMost(START).ignoreExceptions().until(() -> process.health("live") == 200);
            assertThat(process.health("started")).isEqualTo(200);
            assertThat(process.health("ready")).isEqualTo(503);
            HttpResponse<String> answer = process.get(read(service));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
            assertThat(answer.body()).contains("urn:vitrina:problem:starting");
            process.signal("TERM");
            assertThat(process.exit(END)).as(process.output()).isZero();
        }
    }

    @Test
    void theBffIsReadyWithoutAnythingBehindItAndBodiesThatStallDoNotHoldUpItsEnd() throws Exception {
        Map<String, String> environment = new HashMap<>(surroundings("bff", FreePort.find()));
        environment.put("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:" + FreePort.find());
        environment.put("VITRINA_CACHE_TOPOLOGY", "sidecar");
        // so that a body may take far longer than the end
        for (String limit : new String[] {"DEFAULT_DEADLINE", "MAX_DEADLINE", "MAX_RECEIVE_TIME"}) {
            environment.put("VITRINA_WEB_" + limit, "5m");
        }
        List<Socket> stalled = new ArrayList<>();
        try (ServiceProcess process = ServiceProcess.start("bff", environment)) {
            await().atMost(START).ignoreExceptions().until(() -> process.health("ready") == 200);
            assertThat(process.get("/products/all").statusCode()).isEqualTo(500);
            for (int i = 0; i < 20; i++) {
                stalled.add(process.open("PUT /cart/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"));
            }
            await().until(() -> process.metric("vitrina_http_held_bytes") > 0);
            process.signal("INT");
            assertThat(process.exit(END)).as(process.output()).isZero();
            assertThat(process.output()).contains("0 requests in flight").doesNotContain("still in flight");
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "products, TERM",
        "inventory, INT",
        "favorites, TERM",
        "cart, INT",
        "bff, TERM",
        "bff, INT",
    })
    void finishesWhatIsInFlightWhenItIsToldToEnd(String service, String signal) throws Exception {
        Store store = Store.running();
        FaultProxy behind = store.proxy(service.equals("bff") ? "cart" : service + "-db");
        URI root = URI.create(store.stack().address(service).url());
        long pid = store.stack().pid(service);
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            // two connections that are open before the signal
            HttpRequest request = HttpRequest.newBuilder(root.resolve(read(service)))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            behind.forget();
            behind.inject(Fault.late(Duration.ofMillis(600)));
            Deque<CompletableFuture<HttpResponse<String>>> inFlight = new ArrayDeque<>();
            inFlight.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            await().until(() -> behind.requests() > 0);
            ServiceProcess.signal(pid, signal);
            await().atMost(END).pollInterval(Duration.ofMillis(10)).until(() -> {
                boolean draining = store.health(service, "ready") == 503;
                // on a machine that stands still it may be through before the signal has come
                if (!draining && inFlight.getLast().isDone()) {
                    inFlight.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
                }
                return draining;
            });
            boolean isOneThere = !inFlight.getLast().isDone();
            behind.heal();
            HttpResponse<String> draining = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(draining.statusCode()).isEqualTo(200);
            assertThat(draining.headers().firstValue("Connection"))
                    .hasValueSatisfying(value -> assertThat(value).isEqualToIgnoringCase("close"));
            HttpResponse<String> finished = draining;
            for (CompletableFuture<HttpResponse<String>> each : inFlight) {
                finished = each.get(10, TimeUnit.SECONDS);
                assertThat(finished.statusCode()).isEqualTo(200);
            }
            if (isOneThere) {
                assertThat(finished.headers().firstValue("Connection"))
                        .hasValueSatisfying(value -> assertThat(value).isEqualToIgnoringCase("close"));
            }
            await().atMost(END).until(() -> ProcessHandle.of(pid)
                    .map(handle -> !handle.isAlive())
                    .orElse(true));
        } finally {
            assertThat(store.stack().terminate(service)).as("exit status").isZero();
            store.stack().start(service);
            store.stack().awaitReady(service, START);
        }
    }

    private static String read(String service) {
        return Objects.requireNonNull(A_READ.get(service), service);
    }

    /** What a service must be told: where its database is, or for the BFF the services. */
    private static Map<String, String> surroundings(String service, int port) {
        if (service.equals("bff")) {
            Map<String, String> urls = new HashMap<>();
            for (String callee : Store.SERVICES) {
                urls.put("VITRINA_BFF_" + callee.toUpperCase(Locale.ROOT) + "_URL", "http://127.0.0.1:" + port);
            }
            return urls;
        }
        return Map.of(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                "postgresql://127.0.0.1:" + port + "/" + service,
                "QUARKUS_DATASOURCE_USERNAME",
                service,
                "QUARKUS_DATASOURCE_PASSWORD",
                "none");
    }

    /** Puts values of another type into the environment and returns the keys that are then wrong. */
    private static List<String> unreadable(String service, Map<String, String> environment) {
        environment.put("VITRINA_WEB_MAX_STREAMS", "many");
        List<String> keys = new ArrayList<>(List.of("vitrina.web.max-streams"));
        switch (service) {
            case "products" -> {
                environment.put("VITRINA_PRODUCTS_LIST_MAX_AGE", "later");
                environment.put("VITRINA_PRODUCTS_LIST_STALE_IF_ERROR", "never");
                keys.addAll(List.of("vitrina.products.list-max-age", "vitrina.products.list-stale-if-error"));
            }
            case "inventory" -> {
                environment.put("VITRINA_INVENTORY_MODE", "sometimes");
                environment.put("VITRINA_INVENTORY_SIMULATED_MAX_DELAY", "long");
                keys.addAll(List.of("vitrina.inventory.mode", "vitrina.inventory.simulated.max-delay"));
            }
            case "favorites" -> {
                environment.put("VITRINA_FAVORITES_MAX_PRODUCTS", "some");
                keys.add("vitrina.favorites.max-products");
            }
            case "cart" -> {
                environment.put("VITRINA_CART_MAX_LINES", "some");
                keys.add("vitrina.cart.max-lines");
            }
            default -> {
                environment.put("VITRINA_BFF_BUDGET", "soon");
                environment.put("VITRINA_BFF_CART_MAX_RETRIES", "often");
                environment.put("VITRINA_BFF_INVENTORY_URL", "not a url");
                keys.addAll(List.of("vitrina.bff.budget", "vitrina.bff.cart.max-retries", "vitrina.bff.inventory.url"));
            }
        }
        return keys;
    }

    /** Puts values that are too large or too small into the environment and returns the keys that are then wrong. */
    private static List<String> outOfBounds(String service, Map<String, String> environment) {
        return switch (service) {
            case "products" -> {
                environment.put("VITRINA_PRODUCTS_LIST_MAX_AGE", "2d");
                environment.put("VITRINA_PRODUCTS_LIST_STALE_IF_ERROR", "1000d");
                yield List.of("vitrina.products.list-max-age", "vitrina.products.list-stale-if-error");
            }
            case "inventory" -> {
                environment.put("VITRINA_INVENTORY_SIMULATED_MAX_DELAY", "1h");
                yield List.of("vitrina.inventory.simulated.max-delay");
            }
            case "favorites" -> {
                environment.put("VITRINA_FAVORITES_MAX_PRODUCTS", "0");
                yield List.of("vitrina.favorites.max-products");
            }
            case "cart" -> {
                environment.put("VITRINA_CART_MAX_LINES", "0");
                yield List.of("vitrina.cart.max-lines");
            }
            default -> {
                environment.put("VITRINA_BFF_CART_MAX_RETRIES", "99");
                environment.put("VITRINA_BFF_PRODUCTS_WINDOW", "0");
                yield List.of("vitrina.bff.cart.max-retries", "vitrina.bff.products.window");
            }
        };
    }
}
