package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Writers of one product at the very same time. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
@SuppressWarnings("NullAway.Init") // set by Quarkus
class ProductRaceTest implements Started {
    private static final int WRITERS = 8;

    @TestHTTPResource("/products/")
    URI products;

    @RepeatedTest(5)
    void letsExactlyOneOfEightWritersOfTheSameVersionWin() {
        int id = product();
        List<Integer> statuses = race(writer -> patch(id, "{\"price\":\"" + (100 + writer) + "\"}", "\"1\""));

        assertThat(Collections.frequency(statuses, 200)).as("%s", statuses).isEqualTo(1);
        assertThat(Collections.frequency(statuses, 412)).as("%s", statuses).isEqualTo(WRITERS - 1);
        int winner = statuses.indexOf(200);
        var now = given().get("/products/" + id);
        assertThat(now.header("ETag")).isEqualTo("\"2\"");
        assertThat(now.jsonPath().getString("price")).isEqualTo((100 + winner) + ".00");
    }

    @RepeatedTest(2)
    void losesNoChangeOfWritersWithoutACondition() {
        int id = product();
        List<Integer> statuses = race(writer -> patch(id, "{\"product_name\":\"Писатель " + writer + "\"}", null));

        assertThat(statuses).containsOnly(200);
        assertThat(given().get("/products/" + id).header("ETag")).isEqualTo("\"" + (1 + WRITERS) + "\"");
    }

    @RepeatedTest(2)
    void deletesOnceWhileOthersPatch() {
        int id = product();
        List<Integer> statuses = race(writer ->
                writer % 2 == 0 ? request(id).DELETE().build() : patch(id, "{\"price\":\"" + writer + "\"}", null));

        List<Integer> deletes = IntStream.range(0, WRITERS)
                .filter(i -> i % 2 == 0)
                .mapToObj(statuses::get)
                .toList();
        List<Integer> patches = IntStream.range(0, WRITERS)
                .filter(i -> i % 2 == 1)
                .mapToObj(statuses::get)
                .toList();
        assertThat(Collections.frequency(deletes, 204)).as("%s", deletes).isEqualTo(1);
        assertThat(Collections.frequency(deletes, 404)).as("%s", deletes).isEqualTo(deletes.size() - 1);
        assertThat(patches).isSubsetOf(200, 404);
        given().get("/products/" + id).then().statusCode(404);
    }

    /** The statuses by writer; each has its own connection and they start together. */
    private static List<Integer> race(IntFunction<HttpRequest> requests) {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return Race.of(WRITERS, writer -> {
                try {
                    return client.send(requests.apply(writer), HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private HttpRequest patch(int id, String body, @Nullable String ifMatch) {
        HttpRequest.Builder request = request(id)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body));
        return (ifMatch == null ? request : request.header("If-Match", ifMatch)).build();
    }

    private HttpRequest.Builder request(int id) {
        return HttpRequest.newBuilder(products.resolve(Integer.toString(id)));
    }

    private static int product() {
        return given().header("Content-Type", "application/json")
                .body("{\"product_name\":\"Гонка\",\"price\":\"1\",\"category_id\":4300}")
                .post("/products/")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getInt("product_id");
    }
}
