package org.vitrina.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.runtime.RecurringTask;
import org.vitrina.servers.PostgresServer;

/** Reservations on PostgreSQL: what their tests do and look at. */
abstract class ReservationSuite {
    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";
    static final AtomicInteger NEXT_PRODUCT = new AtomicInteger(10_000);

    @Inject
    ReservationExpiry expiry;

    @Inject
    ReservationPurge purge;

    void sweep() {
        run(expiry);
    }

    /** A turn of the work, as the process takes one by itself. */
    static void run(RecurringTask recurring) {
        try {
            VertxContextSupport.subscribeAndAwait(recurring::work);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** An order whose reservation was made and has ended. */
    UUID expired(String... items) {
        UUID order = UUID.randomUUID();
        reserve(order, items).then().statusCode(201);
        age(order, "16 minutes");
        sweep();
        return order;
    }

    static int product(int onHand) {
        int product = NEXT_PRODUCT.incrementAndGet();
        setOnHand(product, onHand).then().statusCode(200);
        return product;
    }

    static Response setOnHand(int product, int onHand) {
        return given().contentType(JSON)
                .body("{\"inventory\":" + onHand + "}")
                .put("/products/" + product + "/inventory");
    }

    static int level(int product) {
        Response answer = given().get("/products/" + product + "/inventory");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.jsonPath().getInt("inventory");
    }

    static String item(int product, int quantity) {
        return "{\"product_id\":" + product + ",\"quantity\":" + quantity + "}";
    }

    static Response reserve(UUID order, String... items) {
        return given().contentType(JSON)
                .body("{\"items\":[" + String.join(",", items) + "]}")
                .put("/reservations/" + order);
    }

    static Response commit(UUID order) {
        return given().post("/reservations/" + order + "/commit");
    }

    static Response release(UUID order) {
        return given().delete("/reservations/" + order);
    }

    /** Lets the reservation seem to have been made so long ago, by the database's clock. */
    static void age(UUID order, String interval) {
        execute("UPDATE reservation SET expires_at = expires_at - interval '" + interval + "' WHERE order_id = '"
                + order + "'");
    }

    static void execute(String sql) {
        try (var connection = PostgresServer.shared().connect("inventory");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the only row. */
    static String text(String sql) {
        try (var connection = PostgresServer.shared().connect("inventory");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType(PROBLEM)
                .body("status", equalTo(status))
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}
