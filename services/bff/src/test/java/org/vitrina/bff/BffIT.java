package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.http.Answer;

/** The packaged program: what reflection, configuration or packaging could break. */
@QuarkusIntegrationTest
@WithTestResource(Backs.class)
class BffIT {
    @TestHTTPResource("/")
    URI base;

    /** Filled by {@link Backs}. */
    @SuppressWarnings("NullAway.Init")
    Backs.Services behind;

    @BeforeEach
    void begin() {
        behind.heal();
    }

    @Test
    void putsThePageTogether() {
        Shop.Answer answer = new Shop(base).get("/products/all?limit=2").is(200);

        assertThat(answer.body())
                .isEqualTo("{\"cart_items\":2,\"favorite_items\":3,\"products\":["
                        + "{\"product_id\":11,\"product_name\":\"Product 11\",\"price\":\"11.50\",\"inventory\":110},"
                        + "{\"product_id\":12,\"product_name\":\"Product 12\",\"price\":\"12.50\",\"inventory\":120}],"
                        + "\"degraded\":[]}");
        assertThat(answer.header("Link")).isEqualTo("</products/all?limit=2&after=12>; rel=\"next\"");
    }

    @Test
    void leavesOutAndCancelsWhatHangs() {
        behind.inventory().answer(Answer.HANGS);

        Shop.Answer answer = new Shop(base).get("/products/all").is(200).within(Duration.ofSeconds(1));

        assertThat(answer.degraded()).isEqualTo("[{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":3}]");
        await().until(() -> behind.inventory().cancelled() == 1);
    }

    @Test
    void handsWritesAndRefusalsOn() {
        Shop shop = new Shop(base);
        shop.send("PUT", "/cart/5", "{\"quantity\":2}", "Content-Type", "application/json")
                .is(204);
        assertThat(behind.cart().requests().getFirst().body()).isEqualTo("{\"quantity\":2}");
        behind.cart().answer(Answer.status(400));
        assertThat(shop.send("DELETE", "/cart/5", null).is(400).json().getString("error"))
                .isNotEmpty();
    }

    @Test
    void refusesBadInputAndTellsItsState() {
        Shop shop = new Shop(base);
        assertThat(shop.get("/products/all?user_id=x").is(400).json().getString("type"))
                .isEqualTo("urn:vitrina:problem:bad-request");
        assertThat(shop.get("/ops/resilience")
                        .is(200)
                        .json()
                        .getJsonObject("limit")
                        .fieldNames())
                .contains("limit");
        shop.get("/q/openapi").is(200);
    }
}
