package org.vitrina.notifications;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.vitrina.notifications.Customer.SOON;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vitrina.messaging.QueueMessage;
import org.vitrina.notifications.FakeProvider.Fault;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.DatabaseText;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** What stays of a customer who was erased: that there were events. And what is too old to be tried again. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "notifications"))
@WithTestResource(BrokerResource.class)
@WithTestResource(ProviderResource.class)
class ErasureTest extends NotificationsSuite {
    private static final String BREAKER = "sms-gateway";
    private static final String PROVIDER_KEEPS = "what the SMS provider keeps: it cannot be asked to erase";

    @Inject
    CircuitBreakerMaintenance breakers;

    @Inject
    NotificationRepository repository;

    @Inject
    OrderEventHandler handler;

    @Test
    void nothingOfTheNumberIsLeftAnywhere() throws SQLException {
        customer.confirmed();
        customer.awaitState(CONFIRMED, "sent");
        provider.always(customer.phone, Fault.REFUSE);
        customer.cancelled();
        customer.awaitState(CANCELLED, "dead");
        await().atMost(SOON).until(() -> mailbox.waiting("notifications.dlq") == 1);
        assertThat(tablesWith(customer.phone)).contains("notification");

        erase(customer).then().statusCode(200).body("erased.notifications", equalTo(2));

        assertThat(provider.acceptedFor(customer.phone)).isEmpty();
        assertThat(tablesWith(customer.phone)).isEmpty();
        // the dead letter was taken up without a number, and is known: nothing comes of it
        await().atMost(SOON).until(() -> mailbox.waiting("notifications.dlq") == 0);
        await().atMost(SOON).until(() -> parked() == 0);
        assertThat(tablesWith(customer.phone)).isEmpty();
        assertThat(customer.states()).containsEntry(CONFIRMED, "sent").containsEntry(CANCELLED, "suppressed");
        assertThat(customer.notifications()).extracting(one -> one.get("text")).containsOnly("");
        given().get("/ops/audit").then().body("consistent", equalTo(true));

        erase(customer)
                .then()
                .statusCode(200)
                .body("erased.notifications", equalTo(0))
                .body("erased.messages", equalTo(0));
    }

    @Test
    void anEventFromBeforeThatComesLateIsRecordedWithoutItsNumber() throws SQLException {
        erase(customer).then().statusCode(200);

        customer.confirmed();

        customer.awaitState(CONFIRMED, "no-phone");
        assertThat(tablesWith(customer.phone)).isEmpty();
        assertThat(provider.requestsFor(customer.phone)).isZero();
    }

    @Test
    void whoOrdersAgainIsToldAgain() {
        erase(customer).then().statusCode(200);
        mailbox.send(
                "orders.events",
                CONFIRMED,
                customer.confirmation.toString(),
                customer.confirmedJson()
                        .replace(
                                customer.occurred.toString(),
                                Instant.now().plusSeconds(60).toString()));

        customer.awaitState(CONFIRMED, "sent");
    }

    @Test
    void isRefusedWhileAMessageIsOnItsWay() {
        UUID event = UUID.randomUUID();
        execute("INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, next_at)"
                + " VALUES ('" + event + "', 'order.confirmed', '" + customer.order + "', " + customer.user + ", '"
                + customer.phone + "', 'text', '{}', 'sending', clock_timestamp() + INTERVAL '1 hour')");

        erase(customer)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:vitrina:problem:user-busy"))
                .body("detail", containsString("1 messages to user " + customer.user + " are on their way"));

        assertThat(customer.notifications()).extracting(one -> one.get("text")).containsExactly("text");
        execute("DELETE FROM notification WHERE event_id = '" + event + "'");
    }

    @Test
    void whatWaitsToBeSentIsNotSentAnyMore() {
        execute("INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, next_at)"
                + " VALUES ('" + customer.confirmation + "', 'order.confirmed', '" + customer.order + "', "
                + customer.user + ", '" + customer.phone + "', 'text', '{}', 'received',"
                + " clock_timestamp() + INTERVAL '1 hour')");

        erase(customer).then().statusCode(200).body("erased.notifications", equalTo(1));

        assertThat(customer.states()).containsEntry(CONFIRMED, "suppressed");
    }

    @Test
    void isRepeatedWhenTheProviderIsBack() throws SQLException {
        customer.confirmed();
        customer.awaitState(CONFIRMED, "sent");
        provider.away(true);
        try {
            erase(customer).then().statusCode(503);
            assertThat(tablesWith(customer.phone)).containsExactly("notification");
        } finally {
            provider.away(false);
        }

        await().atMost(SOON).untilAsserted(() -> erase(customer).then().statusCode(200));
        assertThat(tablesWith(customer.phone)).isEmpty();
        assertThat(provider.acceptedFor(customer.phone)).isEmpty();
    }

    @Test
    void saysSoWhereTheProviderDoesNotErase() throws SQLException {
        customer.confirmed();
        customer.awaitState(CONFIRMED, "sent");
        provider.plain(true);
        try {
            erase(customer).then().statusCode(200).body("kept", hasItem(PROVIDER_KEEPS));
        } finally {
            provider.plain(false);
        }
        assertThat(tablesWith(customer.phone)).isEmpty();
    }

    /** That is an answer, and nobody else's messages stop for it. */
    @Test
    void aProviderThatSaysThatItDoesNotEraseIsUsedOn() throws SQLException {
        breakers.reset(BREAKER);
        sent(25);
        provider.erasures(0, 501);
        try {
            erase(customer)
                    .then()
                    .statusCode(200)
                    .body("erased.notifications", equalTo(25))
                    .body("kept", hasItem(PROVIDER_KEEPS));
        } finally {
            provider.erasures(0, FakeProvider.ERASES);
        }
        assertThat(breakers.currentState(BREAKER)).isEqualTo(CircuitBreakerState.CLOSED);
        assertThat(tablesWith(customer.phone)).isEmpty();
    }

    @Test
    void whatWasErasedBeforeTheProviderFailedIsNotAskedForAgain() throws SQLException {
        breakers.reset(BREAKER);
        sent(25);
        provider.erasures(15, 503);
        try {
            erase(customer).then().statusCode(503);
        } finally {
            provider.erasures(0, FakeProvider.ERASES);
            breakers.reset(BREAKER);
        }

        erase(customer).then().statusCode(200).body("erased.notifications", equalTo(15));
        assertThat(provider.askedToErase()).hasSize(15);
        assertThat(tablesWith(customer.phone)).isEmpty();
    }

    /** As a redrive takes it up where the provider cannot be asked. */
    @Test
    void whatWasGivenUpAndTakenUpAgainMayBeAtTheProvider() throws Throwable {
        String values = "'" + customer.order + "', " + customer.user + ", '" + customer.phone + "', 'text', '{}', ";
        execute("INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, next_at)"
                + " VALUES ('" + customer.confirmation + "', 'order.confirmed', " + values + "'received',"
                + " clock_timestamp() + INTERVAL '1 hour')");
        // nobody sends it before that
        execute("INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, tries,"
                + " settled_at) VALUES ('" + customer.cancellation + "', 'order.cancelled', " + values
                + "'dead', 3, clock_timestamp())");
        provider.erasures(0, FakeProvider.ERASES);
        VertxContextSupport.subscribeAndAwait(() ->
                Panache.withTransaction(() -> repository.revive(customer.cancellation, NotificationState.RECEIVED)));

        erase(customer).then().statusCode(200).body("erased.notifications", equalTo(2));

        assertThat(provider.askedToErase()).containsExactly(customer.cancellation.toString());
    }

    @Test
    void whatTheProviderCannotHaveIsNotSaidToBeKept() {
        UUID refused = UUID.randomUUID();
        execute("INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, next_at)"
                + " VALUES ('" + customer.confirmation + "', 'order.confirmed', '" + customer.order + "', "
                + customer.user + ", '" + customer.phone + "', 'text', '{}', 'received',"
                + " clock_timestamp() + INTERVAL '1 hour')");
        execute("INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, tries,"
                + " settled_at) VALUES ('" + refused + "', 'order.confirmed', '" + UUID.randomUUID() + "', "
                + customer.user + ", '" + customer.phone + "', 'text', '{}', 'dead', 3, clock_timestamp())");
        provider.erasures(0, 404);
        try {
            erase(customer)
                    .then()
                    .statusCode(200)
                    .body("erased.notifications", equalTo(2))
                    .body("kept", not(hasItem(PROVIDER_KEEPS)));
            assertThat(provider.askedToErase()).containsExactly(refused.toString());
        } finally {
            provider.erasures(0, FakeProvider.ERASES);
        }
    }

    private void sent(int many) {
        for (int i = 0; i < many; i++) {
            insert(customer.user, UUID.randomUUID(), UUID.randomUUID(), customer.phone, "sent");
        }
    }

    /** Whether its customer was told is not known any more: nobody is told of something twice, a month late. */
    @Test
    void aDeadLetterThatIsOlderThanTheMemoryIsRefused() {
        var old = new Customer(mailbox, Instant.now().minus(Duration.ofDays(30).plusMinutes(1)));
        provider.always(old.phone, Fault.REFUSE);
        old.confirmed();
        old.awaitState(CONFIRMED, "dead");
        await().atMost(SOON).until(() -> mailbox.waiting("notifications.dlq") == 1);
        provider.always(old.phone, null);
        // as the purge does after a month
        execute("DELETE FROM handled_event WHERE event_id = '" + old.confirmation + "'");

        given().post("/ops/redrive")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:vitrina:problem:too-old-to-redrive"))
                .body("detail", containsString("The first 1 dead letters in notifications.dlq"));

        assertThat(old.states()).containsEntry(CONFIRMED, "dead");
        await().atMost(SOON).until(() -> mailbox.waiting("notifications.dlq") == 1);
        assertThat(provider.acceptedFor(old.phone)).isEmpty();
        mailbox.take("notifications.dlq");
    }

    /** Whatever comes of the same customers from many sides, no two statements wait for each other. */
    @Test
    void eventsAndErasuresOfTheSameUsersNeverWaitForEachOther() {
        List<Customer> customers =
                Stream.generate(() -> new Customer(mailbox)).limit(3).toList();

        var ends = Race.of(6, i -> {
            var random = new Random(i);
            for (int round = 0; round < 25; round++) {
                Customer one = customers.get(random.nextInt(customers.size()));
                if (random.nextInt(3) == 0) {
                    assertThat(erase(one).statusCode()).isIn(200, 409);
                } else {
                    takeIn(one, random.nextBoolean());
                }
            }
            return "";
        });

        assertThat(ends).containsOnly("");
    }

    private void takeIn(Customer one, boolean confirmed) {
        String type = confirmed ? CONFIRMED : CANCELLED;
        String event =
                one.json(UUID.randomUUID(), type, confirmed ? "confirmed" : "cancelled", "\"" + one.phone + "\"");
        var message =
                new QueueMessage(OrderEventHandler.QUEUE, "orders.events", type, null, Buffer.buffer(event), false);
        try {
            VertxContextSupport.subscribeAndAwait(() -> handler.handle(message));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response erase(Customer one) {
        return given().delete("/ops/users/" + one.user);
    }

    private static List<String> tablesWith(String text) throws SQLException {
        try (var database = PostgresServer.shared().connect("notifications")) {
            return DatabaseText.tablesWith(database, text);
        }
    }

    private static long parked() throws SQLException {
        try (var database = PostgresServer.shared().connect("notifications");
                var statement = database.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM parked_message")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
