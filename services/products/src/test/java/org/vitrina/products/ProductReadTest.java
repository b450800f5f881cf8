package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;

@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
class ProductReadTest implements Started {
    /** Rows 0, 102 and 199 of the diabetes data: the features of products 1, 103 and 200. */
    private static final String ROW_0 =
            "[0.038075906433423026,0.05068011873981862,0.061696206518683294,0.0218723855140367,-0.04422349842444599,-0.03482076283769895,-0.04340084565202491,-0.002592261998183278,0.019907486170462722,-0.01764612515980379]";

    @ParameterizedTest
    @ValueSource(strings = {"/products/1", "/products/1/"})
    void showsAProductWithItsFeaturesExactly(String path) {
        Response answer = given().get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asString())
                .isEqualTo(
                        "{\"product_id\":1,\"product_name\":\"Сковорода чугунная «Уральская», 26 см\",\"price\":\"2500.00\",\"category_id\":1,\"features\":"
                                + ROW_0 + "}");
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "W/\"1\"", "*", "\"7\", \"1\""})
    void savesTheBodyWhenTheCallerHasIt(String ifNoneMatch) {
        Response answer = given().header("If-None-Match", ifNoneMatch).get("/products/2");
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.asString()).isEmpty();
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "\"\"", "\"7\", \"8\""})
    void sendsTheBodyWhenTheCallerHasAnother(String ifNoneMatch) {
        given().header("If-None-Match", ifNoneMatch)
                .get("/products/2")
                .then()
                .statusCode(200)
                .body("product_id", equalTo(2));
    }

    @Test
    void knowsNoUnknownProduct() {
        given().get("/products/2147483647")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:not-found"))
                .body("status", equalTo(404))
                .body("instance", equalTo("/products/2147483647"));
    }
}
