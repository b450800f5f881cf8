package org.vitrina.bff;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.http.FakeService.Request;

/** The services behind the BFF, scripted, and the short settings that tests run with. */
public class Backs implements QuarkusTestResourceLifecycleManager {
    /** Who asks from here is a proxy that is believed. */
    static final String PROXY = "127.0.0.9";

    /** Fills the fields of this type in a test. */
    public record Services(
            FakeService products,
            FakeService inventory,
            FakeService favorites,
            FakeService cart,
            FakeService orders,
            FakeService wallet,
            FakeService notifications,
            FakeService predictions,
            FakeService variant,
            FakeService management) {
        /** Those behind the BFF's own answers; not the management port, nor the other release, that all of them share here. */
        public List<FakeService> all() {
            return List.of(products, inventory, favorites, cart, orders, wallet, notifications, predictions);
        }

        /** Those that a shop page is made of. */
        public List<FakeService> ofThePage() {
            return List.of(products, inventory, favorites, cart);
        }

        /** Everybody answers well, and nothing has been asked yet. */
        public void heal() {
            products.answer(Backs::products);
            inventory.answer(Backs::levels);
            favorites.answer(Backs::favorites);
            cart.answer(Backs::cart);
            orders.answer(Answer.json("{\"orders\":[],\"fingerprint\":\"0\"}"));
            wallet.answer(Answer.json("{\"balance\":\"10.00\",\"currency\":\"RUB\"}"));
            notifications.answer(Answer.json("[]"));
            predictions.answer(Answer.json("[]"));
            variant.answer(Answer.status(404));
            variant.forget();
            all().forEach(FakeService::forget);
        }
    }

    final Services services = new Services(
            FakeService.answering(Backs::products),
            FakeService.answering(Backs::levels),
            FakeService.answering(Backs::favorites),
            FakeService.answering(Backs::cart),
            FakeService.answering(Answer.HANGS),
            FakeService.answering(Answer.HANGS),
            FakeService.answering(Answer.HANGS),
            FakeService.answering(Answer.HANGS),
            FakeService.answering(Answer.status(404)),
            FakeService.answering(Answer.json("{\"faults\":[]}")));

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.http.test-port", "0");
        settings.put("quarkus.management.test-port", "0");
        settings.put("vitrina.cache.topology", "off");
        settings.put("vitrina.bff.ops.interval", "100ms");
        settings.put("vitrina.http.trusted-proxies", PROXY);
        settings.put("vitrina.bff.keeper", "true");
        settings.put("vitrina.bff.hosts", "localhost,shop.example");
        // tests count the calls
        settings.put("vitrina.bff.warm-up", "0s");
        settings.put("vitrina.web.max-streams", "3");
        settings.put("vitrina.bff.event-idle-limit", "2s");
        settings.put(
                "vitrina.bff.ops.services",
                Stream.of("products", "inventory", "favorites", "cart")
                        .map(name -> name + "=" + services.management().url())
                        .collect(Collectors.joining(" ")));
        settings.put(
                "vitrina.experiments.variants",
                "products/newest=%1$s cart/next=%1$s predictions/m2=%1$s/second orders/gate"
                        .formatted(services.variant().url()));
        settings.put("vitrina.experiments.sync-interval", "100ms");
        settings.put("vitrina.bff.ops.replicas", services.management().url().toString());
        Map.of(
                        "products", services.products(),
                        "inventory", services.inventory(),
                        "favorites", services.favorites(),
                        "cart", services.cart(),
                        "orders", services.orders(),
                        "wallet", services.wallet(),
                        "notifications", services.notifications(),
                        "predictions", services.predictions())
                .forEach((name, service) -> {
                    settings.put("vitrina.bff." + name + ".url", service.url().toString());
                    settings.put("vitrina.bff." + name + ".reset-interval", "500ms");
                    // tests count the calls; OneByOneTest has a hedge
                    settings.put("vitrina.bff." + name + ".hedge-after", "1m");
                    // one test must not use up the retries of the next
                    settings.put("vitrina.bff." + name + ".retries-per-second", "200");
                });
        return settings;
    }

    @Override
    public void stop() {
        services.all().forEach(FakeService::close);
        services.variant().close();
        services.management().close();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(services, new TestInjector.MatchesType(Services.class));
    }

    /** A page of these products. */
    public static Answer page(int... ids) {
        return Answer.json(Arrays.stream(ids).mapToObj(Backs::product).collect(Collectors.joining(",", "[", "]")));
    }

    private static String product(int id) {
        return "{\"product_id\":%d,\"product_name\":\"Product %d\",\"price\":\"%d.50\",\"category_id\":1}"
                .formatted(id, id, id);
    }

    private static Answer products(Request request) {
        if (request.target().startsWith("/products/")) {
            int id = Integer.parseInt(request.target().substring("/products/".length()));
            return id <= 1000 ? Answer.json(product(id)) : Answer.status(404);
        }
        return request.target().matches(".*[?&]limit=2(&.*)?")
                ? Answer.of(
                        200,
                        Map.of("Link", "</products?limit=2&after=12>; rel=\"next\""),
                        "[" + product(11) + "," + product(12) + "]")
                : page(1, 2, 3);
    }

    /** Ten of product 1, twenty of product 2, and so on. */
    public static Answer levels(Request request) {
        String target = request.target();
        if (target.startsWith("/inventory?product_ids=")) {
            return Answer.json(
                    Arrays.stream(target.substring(target.indexOf('=') + 1).split(",", -1))
                            .map(id -> "{\"product_id\":" + id + ",\"inventory\":" + id + "0}")
                            .collect(Collectors.joining(",", "[", "]")));
        }
        String[] parts = target.split("/", -1);
        return Answer.json("{\"inventory\":" + parts[2] + "0}");
    }

    private static Answer favorites(Request request) {
        if (!request.method().equals("GET")) {
            return Answer.status(204);
        }
        return request.target().equals("/users/3/favorites") ? lines(3) : Answer.status(404);
    }

    private static Answer cart(Request request) {
        return request.method().equals("GET") ? lines(2) : Answer.status(204);
    }

    private static Answer lines(int count) {
        return Answer.json(IntStream.rangeClosed(1, count)
                .mapToObj(id -> "{\"product_id\":" + id + ",\"quantity\":" + 5 * id + "}")
                .collect(Collectors.joining(",", "[", "]")));
    }
}
