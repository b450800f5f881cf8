package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.http.Answer;

/** A BFF that starts while products fail. */
@QuarkusTest
@WithTestResource(WarmUpTest.ProductsFail.class)
class WarmUpTest {
    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    /** Filled by {@link Backs}. */
    @SuppressWarnings("NullAway.Init")
    Backs.Services behind;

    public static class ProductsFail extends Backs {
        @Override
        public Map<String, String> start() {
            services.products().answer(Answer.status(500));
            Map<String, String> settings = super.start();
            settings.put("vitrina.bff.warm-up", "1h");
            settings.put("vitrina.cache.topology", "memory");
            return settings;
        }
    }

    @Test
    void isReadyWhenAFirstPageIsCompleteAndHasItsCopyThen() {
        Shop shop = new Shop(base);
        Shop operator = new Shop(management);
        await().until(() -> behind.products().count() > 4);
        operator.get("/q/health/ready").is(503);
        operator.get("/q/health/live").is(200);
        assertThat(shop.get("/products/all").is(503).json().getString("type"))
                .isEqualTo("urn:vitrina:problem:starting");

        behind.heal();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> operator.get("/q/health/ready").status() == 200);

        behind.products().answer(Answer.status(500));
        assertThat(shop.get("/products/all").is(200).degraded()).isIn("[]");
        assertThat(behind.products().count()).isEqualTo(1);
    }
}
