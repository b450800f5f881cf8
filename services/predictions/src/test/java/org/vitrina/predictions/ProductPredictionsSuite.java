package org.vitrina.predictions;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.vitrina.predictions.Store.SOON;
import static org.vitrina.predictions.Store.count;

import io.micrometer.core.instrument.MeterRegistry;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.Mailbox;

/** Predictions of products: what their tests do and look at. */
@SuppressWarnings("NullAway.Init") // set by the test resources and by Quarkus
abstract class ProductPredictionsSuite {
    @Inject
    MeterRegistry registry;

    BrokerServer broker;
    Mailbox mailbox;
    Store store;

    @BeforeEach
    void ready() {
        store = new Store(mailbox).awaitReady();
    }

    void drainFeatures() {
        await().atMost(SOON).until(() -> count("outbox") == 0);
        mailbox.take("features");
    }

    double outcomes(String outcome) {
        return registry.counter("vitrina.predictions.answers", "outcome", outcome)
                .count();
    }

    double changes(String outcome) {
        return registry.counter("vitrina.predictions.changes", "outcome", outcome)
                .count();
    }

    static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
