package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;

/** What callers see when the database is slow or away, and that the service is whole again afterwards. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
@SuppressWarnings("NullAway.Init") // set by the test resource and by Quarkus
class ProductDatabaseTest implements Started {
    /** More than the pool has connections. */
    private static final int MANY = 60;

    PostgresServer postgres;

    @TestHTTPResource("/")
    URI service;

    @Test
    void answersWithinTheDeadlineWhenTheDatabaseHangsAndLosesNoConnectionByIt() throws Exception {
        try (Connection other = postgres.connect("products");
                HttpClient client = HttpClient.newHttpClient()) {
            lockTable(other);
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < MANY; i++) {
                waiting.add(client.sendAsync(
                        HttpRequest.newBuilder(service.resolve(i % 2 == 0 ? "/products" : "/products/1"))
                                .header("X-Request-Deadline-Ms", "300")
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : waiting) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isIn(503, 504);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(waiting.getFirst().get().statusCode()).isEqualTo(504);
            assertThat(waiting.getFirst().get().body()).contains("urn:vitrina:problem:timeout");
            other.rollback();
        }
        awaitHealthy();
    }

    @Test
    void answersAWriteWithinItsDeadlineToo() throws Exception {
        try (Connection other = postgres.connect("products")) {
            lockTable(other);
            given().header("Content-Type", "application/merge-patch+json")
                    .header("X-Request-Deadline-Ms", "200")
                    .body("{}")
                    .patch("/products/1")
                    .then()
                    .statusCode(504)
                    .contentType("application/problem+json");
            other.rollback();
        }
        awaitHealthy();
    }

    @Test
    void losesNoConnectionToCallersThatGoAway() throws Exception {
        try (Connection other = postgres.connect("products")) {
            lockTable(other);
            List<Socket> callers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Socket caller = new Socket(service.getHost(), service.getPort());
                callers.add(caller);
                OutputStream out = caller.getOutputStream();
                out.write("GET /products HTTP/1.1\r\nHost: vitrina\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            awaitQueriesThatHang();
            for (Socket caller : callers) {
                caller.close();
            }
            other.rollback();
        }
        awaitHealthy();
    }

    @Test
    void isUnavailableWhileTheDatabaseIsAwayAndRecoversByItself() {
        postgres.kill();
        try {
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> given().get("/products")
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .header("Retry-After", matchesPattern("[0-9]+"))
                    .body("type", equalTo("urn:vitrina:problem:unavailable")));
        } finally {
            postgres.restart();
        }
        awaitHealthy();
    }

    @Test
    void refusesADeadlineThatIsNoPositiveInteger() {
        given().header("X-Request-Deadline-Ms", "soon").get("/products").then().statusCode(400);
        given().header("X-Request-Deadline-Ms", "0").get("/products").then().statusCode(400);
    }

    private static void lockTable(Connection other) throws Exception {
        other.setAutoCommit(false);
        try (var statement = other.createStatement()) {
            statement.execute("LOCK TABLE product IN ACCESS EXCLUSIVE MODE");
        }
    }

    private void awaitQueriesThatHang() {
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            try (Connection look = postgres.connect("products");
                    var statement = look.createStatement();
                    var count = statement.executeQuery(
                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
                return count.next() && count.getInt(1) > 2;
            }
        });
    }

    /** As many answers at once as would need every connection of the pool. */
    private void awaitHealthy() {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            for (int i = 0; i < MANY; i++) {
                Response answer = given().get("/products?limit=1");
                assertThat(answer.statusCode()).isEqualTo(200);
            }
        });
    }
}
