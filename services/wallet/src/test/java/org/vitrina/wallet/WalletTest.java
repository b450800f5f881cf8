package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.core.Money;
import org.vitrina.persistence.RolledBack;
import org.vitrina.testing.PostgresResource;

/** Wallet on PostgreSQL. Each test has users of its own; 1 to 5 are the demo's and never changed. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
class WalletTest extends WalletSuite {
    @Test
    void demoUsersHaveMoneyFromTheOpeningAccount() {
        for (int user = 1; user <= 5; user++) {
            assertThat(wallet(user).asString()).isEqualTo("{\"balance\":\"100000.00\",\"currency\":\"RUB\"}");
            assertThat(Ledger.total(user)).isEqualTo("100000.00");
        }
    }

    @Test
    void everyUserHasAWalletEmptyAtFirst() {
        wallet(2147483647).then().statusCode(200).contentType(JSON);
        assertThat(wallet(2147483646).asString()).isEqualTo("{\"balance\":\"0.00\",\"currency\":\"RUB\"}");
    }

    @Inject
    WalletWarmUp warmUp;

    @Inject
    WalletService wallets;

    /** Callers have cancelled whatever id; none of that is met by what the service does of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"})
    void noOrderOfACallersKeepsTheServiceFromStarting(UUID order) throws Throwable {
        cancel(2, order).then().statusCode(204);
        String before = Ledger.query("SELECT count(*) || ' ' || (SELECT sum(balance) FROM wallet) FROM debit")
                .getFirst();

        VertxContextSupport.subscribeAndAwait(warmUp::work);

        assertThat(Ledger.query("SELECT count(*) || ' ' || (SELECT sum(balance) FROM wallet) FROM debit"))
                .containsExactly(before);
    }

    @Test
    void whatIsRolledBackLeavesNothingBehind() throws Throwable {
        Ledger.open(190, "10.00");
        UUID order = UUID.randomUUID();

        boolean taken = VertxContextSupport.subscribeAndAwait(
                () -> RolledBack.of(() -> wallets.debit(190, order, Money.parse("4.00"))));

        assertThat(taken).isTrue();
        assertThat(Ledger.knows(order)).isFalse();
        assertThat(balance(190)).isEqualTo("10.00");
    }

    @Test
    void takesAnOrdersMoneyOnce() {
        Ledger.open(101, "10.00");
        UUID order = UUID.randomUUID();

        Response first = debit(101, order, "\"4.5\"");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.asString()).isEqualTo("{\"order_id\":\"" + order + "\",\"amount\":\"4.50\"}");
        Response again = debit(101, order, "4.50");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.asString()).isEqualTo(first.asString());

        assertThat(balance(101)).isEqualTo("5.50");
        assertThat(Ledger.sales(101)).containsExactly("-4.50");
    }

    @Test
    void refusesAnotherAmountForTheSameOrder() {
        Ledger.open(102, "10.00");
        UUID order = UUID.randomUUID();
        debit(102, order, "\"4.00\"").then().statusCode(201);

        problem(debit(102, order, "\"4.01\""), 409, "debit-differs");
        problem(debit(102, order, "\"0\""), 409, "debit-differs");

        assertThat(balance(102)).isEqualTo("6.00");
    }

    @Test
    void refusesAnotherUsersOrder() {
        Ledger.open(103, "10.00");
        Ledger.open(104, "10.00");
        UUID order = UUID.randomUUID();
        debit(103, order, "\"4.00\"").then().statusCode(201);

        problem(debit(104, order, "\"4.00\""), 409, "debit-differs");
        problem(cancel(104, order), 409, "debit-differs");

        assertThat(balance(103)).isEqualTo("6.00");
        assertThat(balance(104)).isEqualTo("10.00");
    }

    @Test
    void takesAllButNotAKopeckMore() {
        Ledger.open(105, "10.00");

        problem(debit(105, UUID.randomUUID(), "\"10.01\""), 402, "insufficient-funds");
        assertThat(balance(105)).isEqualTo("10.00");
        debit(105, UUID.randomUUID(), "\"10.00\"").then().statusCode(201);
        assertThat(balance(105)).isEqualTo("0.00");
        problem(debit(105, UUID.randomUUID(), "\"0.01\""), 402, "insufficient-funds");
    }

    @Test
    void aRefusedDebitLeavesNothingAndMayBeRepeatedWithMoney() {
        UUID order = UUID.randomUUID();
        problem(debit(106, order, "\"3.00\""), 402, "insufficient-funds");
        assertThat(Ledger.knows(order)).isFalse();

        Ledger.open(106, "3.00");
        debit(106, order, "\"3.00\"").then().statusCode(201);
        assertThat(balance(106)).isEqualTo("0.00");
    }

    @Test
    void aFreeOrderTakesNothingAndCountsAsPaid() {
        UUID order = UUID.randomUUID();

        debit(107, order, "\"0.00\"").then().statusCode(201);
        debit(107, order, "0").then().statusCode(200);
        cancel(107, order).then().statusCode(204);
        problem(debit(107, order, "\"0.00\""), 409, "cancelled");

        assertThat(balance(107)).isEqualTo("0.00");
        assertThat(Ledger.sales(107)).isEmpty();
    }

    @Test
    void givesTheMoneyBackOnce() {
        Ledger.open(108, "10.00");
        UUID order = UUID.randomUUID();
        debit(108, order, "\"4.00\"").then().statusCode(201);

        Response first = cancel(108, order);
        first.then().statusCode(204);
        assertThat(first.asString()).isEmpty();
        cancel(108, order).then().statusCode(204);

        assertThat(balance(108)).isEqualTo("10.00");
        assertThat(Ledger.sales(108)).containsExactly("-4.00", "4.00");
        problem(debit(108, order, "\"4.00\""), 409, "cancelled");
        assertThat(balance(108)).isEqualTo("10.00");
    }

    @Test
    void aCancellationThatComesFirstKeepsTheDebitOut() {
        Ledger.open(109, "10.00");
        UUID order = UUID.randomUUID();

        cancel(109, order).then().statusCode(204);
        cancel(109, order).then().statusCode(204);
        problem(debit(109, order, "\"4.00\""), 409, "cancelled");

        assertThat(balance(109)).isEqualTo("10.00");
        assertThat(Ledger.sales(109)).isEmpty();
    }

    @Test
    void aCancellationLaterThanEveryRetentionBringsTheMoneyBack() {
        Ledger.open(191, "10.00");
        UUID order = UUID.randomUUID();
        debit(191, order, "\"4.00\"").then().statusCode(201);
        Ledger.execute("UPDATE debit SET made_at = made_at - interval '20 years' WHERE user_id = 191");
        Ledger.execute("UPDATE ledger_entry SET booked_at = booked_at - interval '20 years' WHERE user_id = 191");
        purge();

        cancel(191, order).then().statusCode(204);

        assertThat(balance(191)).isEqualTo("10.00");
    }

    @Test
    void keepsTombstonesForThirtyDays() {
        UUID young = UUID.randomUUID();
        UUID old = UUID.randomUUID();
        cancel(110, young).then().statusCode(204);
        cancel(110, old).then().statusCode(204);
        Ledger.age(young, "30 days -1 minute");
        Ledger.age(old, "30 days 1 minute");

        purge();

        assertThat(Ledger.knows(young)).isTrue();
        assertThat(Ledger.knows(old)).isFalse();
    }

    @Test
    void keepsWhatWasTakenAndGivenBackForEver() {
        Ledger.open(111, "10.00");
        UUID order = UUID.randomUUID();
        debit(111, order, "\"4.00\"").then().statusCode(201);
        cancel(111, order).then().statusCode(204);
        Ledger.age(order, "400 days");

        purge();

        problem(debit(111, order, "\"4.00\""), 409, "cancelled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"amount\":\"-1\"}",
                "{\"amount\":-1}",
                "{\"amount\":\"1.001\"}",
                "{\"amount\":1.001}",
                "{\"amount\":\"1e3\"}",
                "{\"amount\":1e3}",
                "{\"amount\":\"+1\"}",
                "{\"amount\":\"1000000000000.00\"}",
                "{\"amount\":\"\"}",
                "{\"amount\":\" 1\"}",
                "{\"amount\":\"1,00\"}",
                "{\"amount\":\"٣\"}",
                "{\"amount\":true}",
                "{\"amount\":null}",
                "{\"amount\":[1]}",
                "{\"amount\":{}}",
                "{}",
                "[]",
                "1",
                "null",
                "{\"amount\":1",
                "nonsense",
                ""
            })
    void refusesAnAmountThatIsNoneAndTakesNothing(String body) {
        UUID order = UUID.randomUUID();

        Response answer = given().contentType(JSON).body(body).put(path(1, order));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith(PROBLEM);
        assertThat(Ledger.knows(order)).isFalse();
    }

    @Test
    void namesTheFieldThatIsWrong() {
        given().contentType(JSON)
                .body("{}")
                .put(path(1, UUID.randomUUID()))
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:vitrina:problem:validation"))
                .body("violations.field", equalTo(List.of("amount")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "-1", "2147483648", "1.5", "%20", "1e3"})
    void refusesAUserThatIsNone(String id) {
        String order = UUID.randomUUID().toString();
        problem(send("GET", "/users/" + id + "/wallet"), 400, "bad-request");
        problem(send("PUT", "/users/" + id + "/wallet/debits/" + order), 400, "bad-request");
        problem(send("DELETE", "/users/" + id + "/wallet/debits/" + order), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1", "1-1-1-1-1", "0190b5a4-7c1e-7d3a-8f00-5b7a0c9d1e2", "%20"})
    void refusesAnOrderThatIsNone(String id) {
        problem(send("PUT", "/users/1/wallet/debits/" + id), 400, "bad-request");
        problem(send("DELETE", "/users/1/wallet/debits/" + id), 400, "bad-request");
    }

    @Test
    void acceptsATrailingSlash() {
        Ledger.open(112, "10.00");
        String order = path(112, UUID.randomUUID()) + "/";

        given().contentType(JSON)
                .body("{\"amount\":\"4.00\"}")
                .put(order)
                .then()
                .statusCode(201);
        given().delete(order).then().statusCode(204);
        given().get("/users/112/wallet/").then().statusCode(200).body("balance", equalTo("10.00"));
    }

    @Test
    void nobodyKeepsAUsersAnswer() {
        for (Response answer : List.of(
                wallet(1),
                send("GET", "/users/abc/wallet"),
                debit(113, UUID.randomUUID(), "1"),
                cancel(113, UUID.randomUUID()))) {
            answer.then().header("Cache-Control", "private, no-store").header("Vary", "Authorization");
        }
    }

    private static Response send(String method, String path) {
        var request = given().urlEncodingEnabled(false);
        return (method.equals("PUT") ? request.contentType(JSON).body("{\"amount\":\"1.00\"}") : request)
                .request(method, path);
    }
}
