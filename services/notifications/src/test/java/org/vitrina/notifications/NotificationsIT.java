package org.vitrina.notifications;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** The packaged notifications, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "notifications"))
@WithTestResource(BrokerResource.class)
@WithTestResource(ProviderResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class NotificationsIT {
    Mailbox mailbox;
    FakeProvider provider;

    @BeforeEach
    void awaitStart() {
        await().atMost(Customer.SOON)
                .untilAsserted(
                        () -> given().get("/users/1/notifications").then().statusCode(200));
        mailbox.bind("notifications", "orders.events", "order.confirmed");
        await().atMost(Customer.SOON).until(() -> mailbox.consumers("notifications") > 0);
    }

    @Test
    void sendsOneSmsForAConfirmedOrder() {
        var customer = new Customer(mailbox);
        customer.confirmed();
        customer.confirmed();

        customer.awaitState("order.confirmed", "sent");
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
        given().get("/ops/audit").then().statusCode(200).body("consistent", equalTo(true));
    }

    @Test
    void aRefusedMessageIsADeadLetterThatCanBeRedriven() {
        var customer = new Customer(mailbox);
        provider.always(customer.phone, FakeProvider.Fault.REFUSE);
        customer.confirmed();
        customer.awaitState("order.confirmed", "dead");
        await().atMost(Customer.SOON).until(() -> mailbox.waiting("notifications.dlq") == 1);
        provider.always(customer.phone, null);

        assertThat(given().post("/ops/redrive").asString()).isEqualTo("{\"redriven\":1}");

        customer.awaitState("order.confirmed", "sent");
    }

    @Test
    void tellsProblems() {
        given().get("/users/x/notifications")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
    }
}
