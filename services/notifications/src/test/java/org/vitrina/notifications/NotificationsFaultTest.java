package org.vitrina.notifications;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.vitrina.notifications.Customer.SOON;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.notifications.FakeProvider.Fault;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** What becomes of notifications while something is broken. Each test has customers of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "notifications"))
@WithTestResource(BrokerResource.class)
@WithTestResource(ProviderResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class NotificationsFaultTest extends NotificationsSuite {
    @SuppressWarnings("NullAway.Init") // set by BrokerResource
    BrokerServer broker;

    @Test
    void aDeadLetterIsTheEventWithItsReason() {
        provider.always(customer.phone, Fault.REFUSE);
        customer.confirmed();

        List<Mailbox.Letter> dead = awaitDead(1);
        assertThat(dead.getFirst().body()).isEqualTo(customer.confirmedJson());
        assertThat(dead.getFirst().headers())
                .containsEntry("x-vitrina-reason", "the provider answered 422")
                .containsEntry("x-vitrina-routing-key", CONFIRMED)
                .containsEntry("x-vitrina-attempts", "5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "null",
                "{}",
                "{\"version\":\"1\"}",
                "{\"version\":2,\"event_id\":\"0197a000-0000-7000-8000-000000000001\"}",
                "{\"version\":1}",
                "{\"version\":1,\"event_id\":\"x\"}",
                "{\"version\":1,\"event_id\":\"0197a000-0000-7000-8000-000000000001\","
                        + "\"order_id\":\"0197a000-0000-7000-8000-000000000002\",\"user_id\":0,\"type\":\"order.confirmed\"}",
                "{\"version\":1,\"event_id\":\"0197a000-0000-7000-8000-000000000001\","
                        + "\"order_id\":\"0197a000-0000-7000-8000-000000000002\",\"user_id\":3,\"type\":\"order.eaten\"}"
            })
    void poisonGoesToTheDeadLettersWithItsReasonAndStopsNobody(String body) {
        mailbox.send("orders.events", CONFIRMED, "poison", body);
        customer.confirmed();

        customer.awaitState(CONFIRMED, "sent");
        List<Mailbox.Letter> dead = awaitDead(1);
        assertThat(dead).extracting(Mailbox.Letter::body).containsExactly(body);
        assertThat(dead.getFirst().headers().get("x-vitrina-reason")).isNotBlank();
    }

    /** Orders asks, and must not take it for one that a queue has lost. */
    @Test
    void anEventThatWasGivenUpHasComeAllTheSame() {
        String event = UUID.randomUUID().toString();
        mailbox.send("orders.events", CONFIRMED, event, "{\"version\":1}");

        awaitDead(1);

        await().atMost(SOON).untilAsserted(() -> given().get("/ops/taken?event_ids=" + event)
                .then()
                .statusCode(200)
                .body("taken", equalTo(List.of(event))));
    }

    @Test
    void losesNothingWhileTheProviderIsAwayAndIsQuickWhenItIsBack() {
        provider.away(true);
        List<Customer> all =
                IntStream.range(0, 40).mapToObj(i -> new Customer(mailbox)).toList();
        all.forEach(Customer::confirmed);
        all.getLast().cancelled();
        all.getLast().awaitState(CANCELLED, "suppressed");
        await().during(Duration.ofSeconds(1))
                .atMost(SOON)
                .until(() -> all.getFirst().states().getOrDefault(CONFIRMED, "").matches("received|sending"));
        provider.away(false);

        for (Customer one : all.subList(0, 39)) {
            one.awaitState(CONFIRMED, "sent");
            assertThat(provider.acceptedFor(one.phone)).hasSize(1);
        }
        assertThat(provider.acceptedFor(all.getLast().phone)).isEmpty();
        assertThat(mailbox.waiting("notifications.dlq")).isZero();
    }

    @Test
    void anAnswerThatIsTooLargeIsNotReadToItsEnd() {
        int before = provider.brokenOff();
        provider.next(customer.phone, Fault.ACCEPT_THEN_FLOOD);
        customer.confirmed();

        customer.awaitState(CONFIRMED, "sent");
        await().atMost(SOON).until(() -> provider.brokenOff() == before + 1);
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
    }

    @Test
    void aProviderThatKnowsNoMessageByA404IsSentItAgain() {
        customer.confirmed();
        customer.awaitState(CONFIRMED, "sent");
        var unknown = new Customer(mailbox);
        provider.says404(true);
        try {
            provider.next(unknown.phone, Fault.HANG);
            unknown.confirmed();

            unknown.awaitState(CONFIRMED, "sent");
        } finally {
            provider.says404(false);
        }
        assertThat(provider.acceptedFor(unknown.phone)).hasSize(1);
        assertThat(provider.requestsFor(unknown.phone)).isEqualTo(2);
    }

    /** It would answer 404 for every message, so nobody may take that for one that it does not have. */
    @Test
    void aProviderThatCannotBeAskedIsNotSentAMessageTwice() {
        customer.confirmed();
        customer.awaitState(CONFIRMED, "sent");
        var unsure = new Customer(mailbox);
        provider.plain(true);
        try {
            provider.next(unsure.phone, Fault.ACCEPT_THEN_HANG);
            unsure.confirmed();

            await().atMost(SOON).until(() -> reasonOf(unsure).contains("it cannot be asked by client_ref"));
            assertThat(unsure.states()).containsEntry(CONFIRMED, "sending");
        } finally {
            provider.plain(false);
        }
        unsure.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(unsure.phone)).hasSize(1);
        assertThat(provider.requestsFor(unsure.phone)).isEqualTo(1);
    }

    private static String reasonOf(Customer one) {
        try (var database = PostgresServer.shared().connect("notifications");
                var statement = database.createStatement();
                var rows = statement.executeQuery(
                        "SELECT coalesce(reason, '') FROM notification WHERE event_id = '" + one.confirmation + "'")) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void losesNothingWhileTheDatabaseIsAway() {
        PostgresServer.shared().kill();
        try {
            customer.confirmed();
            given().get("/users/1/notifications").then().statusCode(503);
        } finally {
            PostgresServer.shared().restart();
        }

        await().atMost(SOON)
                .untilAsserted(
                        () -> given().get("/users/1/notifications").then().statusCode(200));
        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
    }

    @Test
    void readsOnWhenTheBrokerIsBackAndAnswersMeanwhile() {
        broker.kill();
        try {
            given().get("/users/1/notifications").then().statusCode(200);
            given().post("/ops/redrive")
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:vitrina:problem:unavailable"));
        } finally {
            broker.restart();
        }
        await().atMost(SOON).until(() -> mailbox.consumers("notifications") > 0);
        customer.confirmed();

        customer.awaitState(CONFIRMED, "sent");
    }

    @Test
    void whatADeadProcessHadHandedOverIsNotSentAgain() {
        provider.hasAccepted(customer.phone, customer.confirmation);
        row(customer, "sending");

        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.requestsFor(customer.phone)).isZero();
    }

    @Test
    void whatADeadProcessHadNotHandedOverIsSent() {
        row(customer, "sending");

        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
    }

    private List<Mailbox.Letter> awaitDead(int count) {
        List<Mailbox.Letter> all = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            all.addAll(mailbox.take("notifications.dlq"));
            return all.size() >= count;
        });
        return all;
    }

    /** What a process leaves that dies with a message on its way. */
    private static void row(Customer customer, String state) {
        insert(customer.user, customer.confirmation, customer.order, customer.phone, state);
    }
}
