package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/** What the service must do in any form it is run in: in the build's JVM, packaged, native. */
abstract class ProductsContract implements Started {
    @Test
    void servesThePageThatAStoreBeginsWith() {
        given().get("/products")
                .then()
                .statusCode(200)
                .header("Link", "</products?after=100>; rel=\"next\"")
                .body("", hasSize(100))
                .body("[0].product_id", equalTo(1))
                .body("[0].price", equalTo("2500.00"))
                .body("[41].price", equalTo("2500.00"));
    }

    @Test
    void namesTheCategories() {
        given().get("/categories")
                .then()
                .statusCode(200)
                .body("", hasSize(8))
                .body("[0].category_id", equalTo(1))
                .body("[0].name", equalTo("Кухня и посуда"));
    }

    @Test
    void keepsAProductThroughItsWholeLife() {
        Response created = given().header("Content-Type", "application/json")
                .body("{\"product_name\":\"Трещотка\",\"price\":\"99\",\"category_id\":77}")
                .post("/products/");
        assertThat(created.statusCode()).isEqualTo(201);
        String path = "/products/" + created.jsonPath().getInt("product_id");

        given().header("Content-Type", "application/merge-patch+json")
                .header("If-Match", "\"1\"")
                .body("{\"price\":101.5,\"features\":[1,2,3,4,5,6,7,8,9,10]}")
                .patch(path + "/")
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("price", equalTo("101.50"));
        given().header("If-None-Match", "\"2\"").get(path).then().statusCode(304);
        given().header("Content-Type", "application/merge-patch+json")
                .header("If-Match", "\"1\"")
                .body("{\"price\":1}")
                .patch(path)
                .then()
                .statusCode(412)
                .contentType("application/problem+json");
        given().delete(path).then().statusCode(204);
        given().get(path).then().statusCode(404);
    }

    @Test
    void saysWhatIsWrongWithAProductByMember() {
        given().header("Content-Type", "application/json")
                .body("{\"price\":\"1\",\"category_id\":0}")
                .post("/product/")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations", hasSize(2));
    }
}
