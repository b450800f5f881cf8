package org.vitrina.notifications;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.notifications.FakeProvider.Fault;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** With a provider that knows no idempotency keys and cannot be asked. */
@QuarkusTest
@TestProfile(AtLeastOnceTest.Profile.class)
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "notifications"))
@WithTestResource(BrokerResource.class)
@WithTestResource(ProviderResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class AtLeastOnceTest {
    private static final String CONFIRMED = "order.confirmed";

    Mailbox mailbox;
    FakeProvider provider;

    /** The promise that such a provider allows. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("vitrina.notifications.delivery", "at-least-once");
        }
    }

    @BeforeEach
    void works() {
        provider.plain(true);
        await().atMost(Customer.SOON)
                .untilAsserted(
                        () -> given().get("/users/1/notifications").then().statusCode(200));
        mailbox.bind("notifications", "orders.events", CONFIRMED);
        await().atMost(Customer.SOON).until(() -> mailbox.consumers("notifications") > 0);
    }

    @Test
    void sendsAgainWhatMayHaveArrived() {
        var customer = new Customer(mailbox);
        provider.next(customer.phone, Fault.ACCEPT_THEN_HANG);
        customer.confirmed();

        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone)).hasSize(2);
    }

    @Test
    void sendsOnceWhatArrivedForSure() {
        var customer = new Customer(mailbox);
        provider.next(customer.phone, Fault.BUSY);
        customer.confirmed();
        customer.confirmed();

        customer.awaitState(CONFIRMED, "sent");
        assertThat(provider.acceptedFor(customer.phone)).hasSize(1);
    }
}
