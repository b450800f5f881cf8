package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.core.CrashPoint;
import org.vitrina.testing.PostgresResource;

/**
 * The packaged program, killed at one point after the other: the next process finishes what the last one left, and money,
 * stock and orders add up. The whole system's crash proof is in e2e; this one is of orders alone.
 */
@DisabledIf("isNative")
@SuppressWarnings("NullAway.Init") // set before each test
class CrashIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @TempDir
    Path points;

    private final Shop fakes = new Shop();
    private Shop.Services shop;
    private Map<String, String> settings;
    private @Nullable Replica replica;

    @BeforeEach
    void start() {
        shop = fakes.services();
        settings = new HashMap<>(fakes.start());
        var postgres = new PostgresResource();
        postgres.init(Map.of("database", "orders_crash"));
        settings.putAll(postgres.start());
    }

    @AfterEach
    void end() throws InterruptedException {
        kill();
        fakes.stop();
        RestAssured.reset();
    }

    @Test
    void aKilledInstancesOrdersComeToOneEndAndNothingIsLost() throws Exception {
        launch();
        for (String point :
                List.of("orders.after-accept", "orders.after-debit", "orders.after-confirm", "orders.after-commit")) {
            Buyer buyer = killedAt(point, shop -> {});
            launch();
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(
                            buyer.buy(point, 2).then().extract().path("status").toString())
                    .as(point)
                    .isEqualTo("confirmed"));
            buyer.assertSpent("20.00", 2);
            assertThat(buyer.orders()).as(point).isEqualTo(1);
            awaitSettled();
        }
    }

    @Test
    void aKilledInstancesRefusalsGiveEverythingBack() throws Exception {
        launch();
        for (String point : List.of("orders.after-refusal", "orders.after-refund", "orders.before-end")) {
            Buyer buyer = killedAt(
                    point,
                    broke -> broke.inventory.fault = Shop.only(
                            request -> request.method().equals("PUT"), (request, carryOut) -> Shop.outOfStock()));
            shop.heal();
            launch();
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(buyer.list().jsonPath().getList("orders.status"))
                            .as(point)
                            .isEqualTo(List.of("rejected")));
            buyer.assertSpent("0.00", 0);
            awaitSettled();
        }
    }

    /** A buyer whose order came to that point, in the process that finished what the last one left. */
    private Buyer killedAt(String point, Consumer<Shop.Services> trouble) throws Exception {
        trouble.accept(shop);
        Files.writeString(points.resolve(point), "kill");
        Buyer buyer = Buyer.in(shop);
        try {
            buyer.buy(point, 2);
        } catch (Exception closed) {
            // the connection went with the process
        }
        assertThat(process().waitFor(60, TimeUnit.SECONDS)).as(point).isTrue();
        assertThat(points.resolve(point + ".taken")).exists();
        return buyer;
    }

    /** Nothing is left to be done, which could come to the next point in the new order's place. */
    private static void awaitSettled() {
        await().atMost(TIMEOUT).until(() -> given().get("/ops/audit").jsonPath().getLong("unsettled") == 0);
    }

    private Process process() {
        return Objects.requireNonNull(replica).process;
    }

    private void launch() throws IOException {
        replica = Replica.launch(settings, Map.of(CrashPoint.FOLDER, points.toString()), "crash-it.log");
        RestAssured.port = replica.port;
    }

    private void kill() throws InterruptedException {
        if (replica != null) {
            replica.close();
            replica = null;
        }
    }

    static boolean isNative() throws IOException {
        return Replica.isNative();
    }
}
