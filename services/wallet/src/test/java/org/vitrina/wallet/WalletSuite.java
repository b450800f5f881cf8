package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.UUID;
import org.vitrina.runtime.RecurringTask;

/** Wallets on PostgreSQL: what their tests do and look at. */
abstract class WalletSuite {
    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";

    @Inject
    TombstonePurge purge;

    void purge() {
        run(purge);
    }

    /** A turn of the work, as the process takes one by itself. */
    static void run(RecurringTask recurring) {
        try {
            VertxContextSupport.subscribeAndAwait(recurring::work);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static Response wallet(int userId) {
        return given().get("/users/" + userId + "/wallet");
    }

    static String balance(int userId) {
        Response answer = wallet(userId);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.jsonPath().getString("balance");
    }

    static Response debit(int userId, UUID orderId, String amount) {
        return given().contentType(JSON).body("{\"amount\":" + amount + "}").put(path(userId, orderId));
    }

    static Response cancel(int userId, UUID orderId) {
        return given().delete(path(userId, orderId));
    }

    static String path(int userId, UUID orderId) {
        return "/users/" + userId + "/wallet/debits/" + orderId;
    }

    static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType(PROBLEM)
                .body("status", equalTo(status))
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
