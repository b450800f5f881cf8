package org.vitrina.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** An order that the database has taken, and whose acceptance nobody hears of. */
@QuarkusTest
@TestProfile(LostAnswerTest.Profile.class)
@WithTestResource(LostAnswerTest.ProxiedPostgres.class)
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class LostAnswerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    Shop.Services shop;
    FaultProxy postgres;

    @AfterEach
    void heal() {
        postgres.heal();
        shop.heal();
    }

    @Test
    void isToldAsUnknownAndTheSameKeyFindsTheOrder() {
        // whatever else is asked of the database at that moment may be hit in its place: then nothing was bought
        for (int round = 0; round < 20; round++) {
            Buyer buyer = Buyer.in(shop);
            buyer.bought(1);
            shop.products.fault = (request, carryOut) -> {
                postgres.inject(Fault.RESET);
                return carryOut.get();
            };
            String key = Buyer.key();

            Response answer = buyer.buy(key, 1);
            postgres.heal();
            shop.heal();
            await().atMost(TIMEOUT).until(() -> buyer.list().statusCode() == 200);

            if (buyer.orders() == 2) {
                answer.then()
                        .statusCode(504)
                        .contentType("application/problem+json")
                        .header("Retry-After", notNullValue())
                        .body("type", equalTo("urn:vitrina:problem:outcome-unknown"));
                await().atMost(TIMEOUT).untilAsserted(() -> buyer.buy(key, 1)
                        .then()
                        .statusCode(201)
                        .header("Idempotent-Replayed", "true")
                        .body("status", equalTo("confirmed")));
                buyer.assertSpent("20.00", 2);
                assertThat(buyer.orders()).isEqualTo(2);
                return;
            }
            assertThat(answer.statusCode()).isIn(503, 504);
        }
        throw new AssertionError("no acceptance was ever hit");
    }

    /** One connection, over which all statements are prepared before. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.datasource.reactive.max-size", "1", "vitrina.orders.saga.sweep-interval", "500ms");
        }
    }

    /** A database behind a proxy. */
    public static final class ProxiedPostgres implements QuarkusTestResourceLifecycleManager {
        private static final String URL = "quarkus.datasource.reactive.url";

        @SuppressWarnings("NullAway.Init") // by start
        private FaultProxy proxy;

        @Override
        public Map<String, String> start() {
            var direct = new PostgresResource();
            direct.init(Map.of("database", "orders_cut"));
            Map<String, String> settings = new HashMap<>(direct.start());
            URI url = URI.create(settings.getOrDefault(URL, ""));
            proxy = FaultProxy.postgres(url.getPort());
            settings.put(URL, url.toString().replace(":" + url.getPort(), ":" + proxy.port()));
            return settings;
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(proxy, new TestInjector.MatchesType(FaultProxy.class));
        }

        @Override
        public void stop() {
            proxy.close();
        }
    }
}
