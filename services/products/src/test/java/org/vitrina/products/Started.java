package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/** The ports are open before the database is reached (503 starting): no test begins before that is over. */
interface Started {
    @BeforeEach
    default void awaitStart() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> given().get("/products/1").statusCode() == 200);
    }
}
