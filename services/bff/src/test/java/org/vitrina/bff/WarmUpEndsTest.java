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

/** A BFF that starts while the cart is away, for good. */
@QuarkusTest
@WithTestResource(WarmUpEndsTest.CartHangs.class)
class WarmUpEndsTest {
    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    public static class CartHangs extends Backs {
        @Override
        public Map<String, String> start() {
            services.cart().answer(Answer.HANGS);
            Map<String, String> settings = super.start();
            settings.put("vitrina.bff.warm-up", "300ms");
            return settings;
        }
    }

    @Test
    void isReadyWithoutACompletePageAfterAWhile() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> new Shop(management).get("/q/health/ready").status() == 200);

        assertThat(new Shop(base).get("/products/all").is(200).degraded())
                .isEqualTo("[{\"part\":\"cart\",\"reason\":\"timeout\",\"missing\":1}]");
    }
}
