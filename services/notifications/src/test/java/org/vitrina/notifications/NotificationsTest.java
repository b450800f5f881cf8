package org.vitrina.notifications;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.vitrina.notifications.Customer.SOON;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.notifications.FakeProvider.Accepted;
import org.vitrina.notifications.FakeProvider.Fault;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.PostgresResource;

/** From the event to the one SMS, whatever happens in between. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "notifications"))
@WithTestResource(BrokerResource.class)
@WithTestResource(ProviderResource.class)
class NotificationsTest extends NotificationsSuite {
    @Test
    void sendsOneSmsForAConfirmedOrder() {
        customer.confirmed();

        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone)).singleElement().satisfies(sms -> {
            assertThat(sms.clientRef()).isEqualTo(customer.confirmation.toString());
            assertThat(sms.key()).isEqualTo(customer.confirmation.toString());
            assertThat(sms.text()).contains("is confirmed, total 5000.00 RUB");
        });
        Map<String, Object> shown = customer.notifications().getFirst();
        assertThat(shown.keySet())
                .containsExactly("notification_id", "type", "order_id", "text", "state", "created_at", "sent_at");
        assertThat(shown)
                .containsEntry("notification_id", customer.confirmation.toString())
                .containsEntry("order_id", customer.order.toString());
    }

    @Test
    void sendsOneSmsForAnEventThatComesAThousandTimes() {
        mailbox.send(
                "orders.events",
                CONFIRMED,
                customer.confirmation.toString(),
                customer.confirmedJson().getBytes(StandardCharsets.UTF_8),
                1000);
        var last = new Customer(mailbox);
        last.confirmed();

        last.awaitState(CONFIRMED, "sent");
        customer.awaitState(CONFIRMED, "sent");
        await().atMost(SOON).until(() -> mailbox.waiting("notifications") == 0);
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
        assertThat(provider.requestsFor(customer.phone)).isEqualTo(1);
        assertThat(customer.notifications()).hasSize(1);
    }

    @Test
    void recordsThatThereIsNoNumber() {
        mailbox.send(
                "orders.events",
                CONFIRMED,
                customer.confirmation.toString(),
                customer.json(customer.confirmation, CONFIRMED, "confirmed", "null"));

        customer.awaitState(CONFIRMED, "no-phone");
    }

    @Test
    void tellsOfACancellationAfterTheConfirmation() {
        customer.confirmed();
        customer.awaitState(CONFIRMED, "sent");
        customer.cancelled();

        customer.awaitState(CANCELLED, "sent");
        assertThat(provider.acceptedFor(customer.phone))
                .extracting(Accepted::clientRef)
                .containsExactly(customer.confirmation.toString(), customer.cancellation.toString());
    }

    @Test
    void aCancellationThatOvertakesAnUnsentConfirmationSuppressesBoth() {
        provider.always(customer.phone, Fault.BUSY);
        customer.confirmed();
        await().atMost(SOON).until(() -> provider.requestsFor(customer.phone) > 0);

        customer.cancelled();

        customer.awaitState(CONFIRMED, "suppressed");
        customer.awaitState(CANCELLED, "suppressed");
        provider.always(customer.phone, null);
        assertThat(provider.acceptedFor(customer.phone)).isEmpty();
    }

    @Test
    void aConfirmationThatComesAfterItsCancellationWasToldIsNotSent() {
        customer.cancelled();
        customer.awaitState(CANCELLED, "sent");
        customer.confirmed();

        customer.awaitState(CONFIRMED, "suppressed");
        assertThat(provider.acceptedFor(customer.phone))
                .extracting(Accepted::clientRef)
                .containsExactly(customer.cancellation.toString());
    }

    @Test
    void aCancellationWaitsForTheFateOfItsConfirmation() {
        provider.next(customer.phone, Fault.ACCEPT_THEN_HANG);
        customer.confirmed();
        await().atMost(SOON).until(() -> !provider.acceptedFor(customer.phone).isEmpty());
        customer.cancelled();

        customer.awaitState(CANCELLED, "sent");
        assertThat(customer.states()).containsEntry(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone))
                .extracting(Accepted::clientRef)
                .containsExactly(customer.confirmation.toString(), customer.cancellation.toString());
    }

    /** The first request may still reach the provider: from the network, or from a process that was frozen on the way. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"HANG", "RESET"})
    void aCancellationDoesNotOvertakeAConfirmationThatMayStillArrive(Fault fault) {
        provider.next(customer.phone, fault, Fault.BUSY, Fault.REFUSE);
        customer.confirmed();
        await().atMost(SOON).until(() -> provider.requestsFor(customer.phone) > 0);
        customer.cancelled();

        customer.awaitState(CANCELLED, "sent");
        assertThat(provider.acceptedFor(customer.phone))
                .extracting(Accepted::clientRef)
                .containsExactly(customer.confirmation.toString(), customer.cancellation.toString());
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void sendsOneSmsThroughEveryFault(Fault fault) {
        provider.next(customer.phone, fault, fault, fault);
        customer.confirmed();

        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
    }

    @Test
    void givesUpAfterFiveRefusalsAndTriesAgainWhenAnOperatorSaysSo() {
        provider.always(customer.phone, Fault.REFUSE);
        customer.confirmed();
        customer.awaitState(CONFIRMED, "dead");

        assertThat(provider.requestsFor(customer.phone)).isEqualTo(5);
        assertThat(customer.notifications().getFirst()).containsEntry("reason", "the provider answered 422");
        await().atMost(SOON).until(() -> mailbox.waiting("notifications.dlq") == 1);

        // the same event again is no redrive by an operator
        customer.confirmed();
        provider.always(customer.phone, null);
        var other = new Customer(mailbox);
        other.confirmed();
        other.awaitState(CONFIRMED, "sent");
        assertThat(customer.states()).containsEntry(CONFIRMED, "dead");

        assertThat(given().post("/ops/redrive").asString()).isEqualTo("{\"redriven\":1}");

        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
        assertThat(given().post("/ops/redrive").asString()).isEqualTo("{\"redriven\":0}");
    }

    @Test
    void triesAgainWithGrowingPausesAndHoldsUpNobody() {
        provider.always(customer.phone, Fault.REFUSE);
        customer.confirmed();
        await().atMost(SOON).until(() -> provider.requestsFor(customer.phone) > 0);
        var other = new Customer(mailbox);
        other.confirmed();
        other.awaitState(CONFIRMED, "sent");
        customer.awaitState(CONFIRMED, "dead");

        List<Long> times = provider.timesOf(customer.phone);
        List<Long> pauses = List.of(20L, 40L, 80L, 160L);
        for (int i = 0; i < pauses.size(); i++) {
            assertThat(Duration.ofNanos(times.get(i + 1) - times.get(i)).toMillis())
                    .as("pause %d of %s", i + 1, times)
                    .isGreaterThanOrEqualTo(pauses.get(i) * 9 / 10);
        }
    }

    @Test
    void nobodyIsToldOfAConfirmationAfterItsCancellationThoughAnOperatorSaysSo() {
        provider.always(customer.phone, Fault.REFUSE);
        customer.confirmed();
        customer.awaitState(CONFIRMED, "dead");
        await().atMost(SOON).until(() -> mailbox.waiting("notifications.dlq") == 1);
        provider.always(customer.phone, null);
        customer.cancelled();
        customer.awaitState(CANCELLED, "sent");

        assertThat(given().post("/ops/redrive").asString()).isEqualTo("{\"redriven\":1}");

        customer.awaitState(CONFIRMED, "suppressed");
        assertThat(provider.acceptedFor(customer.phone))
                .extracting(Accepted::clientRef)
                .containsExactly(customer.cancellation.toString());
    }

    @Test
    void eventsThatComeAThousandTimesAndOutOfOrderAreOneSmsEach() {
        List<Customer> all =
                IntStream.range(0, 10).mapToObj(i -> new Customer(mailbox)).toList();
        // the last first, and all of them again and again
        for (int round = 0; round < 50; round++) {
            for (Customer one : all.reversed()) {
                one.confirmed();
            }
        }
        for (Customer one : all) {
            one.awaitState(CONFIRMED, "sent");
        }
        for (int round = 0; round < 50; round++) {
            for (Customer one : all) {
                one.cancelled();
                one.confirmed();
            }
        }

        for (Customer one : all) {
            one.awaitState(CANCELLED, "sent");
        }
        await().atMost(SOON).until(() -> mailbox.waiting("notifications") == 0);
        for (Customer one : all) {
            assertThat(provider.acceptedFor(one.phone))
                    .extracting(Accepted::clientRef)
                    .containsExactly(one.confirmation.toString(), one.cancellation.toString());
            assertThat(one.notifications()).hasSize(2);
        }
    }

    @Test
    void showsAPageAtATimeAndOnlyTheUsersOwn() {
        List<UUID> events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            UUID event = UUID.randomUUID();
            events.addFirst(event);
            insert(customer.user, event, UUID.randomUUID(), customer.phone, "sent");
        }
        insert(new Customer(mailbox).user, UUID.randomUUID(), UUID.randomUUID(), "+79000000000", "sent");

        List<String> seen = new ArrayList<>();
        String next = "/users/" + customer.user + "/notifications?limit=2";
        while (next != null) {
            Response page = given().get(next);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.header("Cache-Control")).isEqualTo("private, no-store");
            seen.addAll(page.jsonPath().getList("notification_id"));
            String link = page.header("Link");
            next = link == null ? null : link.substring(1, link.indexOf('>'));
        }
        assertThat(seen).isEqualTo(events.stream().map(UUID::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/users/x/notifications",
                "/users/0/notifications",
                "/users/3/notifications?limit=0",
                "/users/3/notifications?limit=101",
                "/users/3/notifications?limit=x",
                "/users/3/notifications?before=x",
                "/users/3/notifications?before=0197a000-0000-7000-8000-000000000001"
            })
    void refusesWhatItDoesNotUnderstand(String path) {
        given().get(path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
    }

    @Test
    void tellsWhichEventsHaveCome() {
        customer.confirmed();
        customer.awaitState(CONFIRMED, "sent");

        given().get("/ops/taken?event_ids=" + UUID.randomUUID() + "," + customer.confirmation)
                .then()
                .statusCode(200)
                .body("taken", equalTo(List.of(customer.confirmation.toString())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?event_ids=", "?event_ids=x", "?event_ids=0197a000-0000-7000-8000-000000000001,"})
    void refusesToCompareWhatIsNoEvent(String query) {
        given().get("/ops/taken" + query).then().statusCode(400);
    }

    /** Whoever may write to the exchange cannot have us send what they like, to where they like. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"phone\":\"112\"",
                "\"phone\":\"+7900 buy at evil.example\"",
                "\"total\":\"5000.00, call +79990000000\"",
                "\"total\":\"1e9\""
            })
    void anEventWhoseNumberOrTotalIsNoneIsADeadLetter(String field) {
        String name = field.substring(0, field.indexOf(':'));
        String json = customer.confirmedJson().replaceFirst(name + ":\"[^\"]*\"", field.replace("+", "\\+"));
        mailbox.send("orders.events", CONFIRMED, customer.confirmation.toString(), json);

        await().atMost(SOON).until(() -> mailbox.waiting("notifications.dlq") == 1);
        assertThat(provider.acceptedFor(customer.phone)).isEmpty();
        assertThat(customer.notifications()).isEmpty();
    }

    @Test
    void theAuditFindsWhatDoesNotAddUp() {
        given().get("/ops/audit").then().statusCode(200).body("consistent", equalTo(true));
        UUID lost = UUID.randomUUID();
        execute("INSERT INTO handled_event (consumer, event_id) VALUES ('notifications', '" + lost + "')");
        try {
            given().get("/ops/audit")
                    .then()
                    .body("consistent", equalTo(false))
                    .body("findings", equalTo(List.of("1 events are remembered as handled and have no notification")));
        } finally {
            execute("DELETE FROM handled_event WHERE event_id = '" + lost + "'");
        }
    }

    @Inject
    NotificationPurge purge;

    @Test
    void forgetsWhatWasSettledLongAgoButNothingThatAnybodyMayTakeUp() throws Throwable {
        int user = 7_000_001;
        for (String state : List.of("sent", "suppressed", "dead", "sending")) {
            insert(user, UUID.randomUUID(), UUID.randomUUID(), "+79990000002", state);
        }
        execute("UPDATE notification SET settled_at = settled_at - INTERVAL '90 days 1 minute',"
                + " next_at = next_at + INTERVAL '1 day' WHERE user_id = " + user);
        insert(user, UUID.randomUUID(), UUID.randomUUID(), "+79990000002", "sent");
        execute("UPDATE notification SET settled_at = settled_at - INTERVAL '90 days -1 minute'" + " WHERE user_id = "
                + user + " AND settled_at > clock_timestamp() - INTERVAL '1 day'");
        try {
            VertxContextSupport.subscribeAndAwait(purge::work);

            assertThat(given().get("/users/" + user + "/notifications")
                            .jsonPath()
                            .getList("state"))
                    .containsExactlyInAnyOrder("sent", "sending");
        } finally {
            execute("DELETE FROM notification WHERE user_id = " + user);
        }
    }
}
