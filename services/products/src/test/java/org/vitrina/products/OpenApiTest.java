package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What the service says of itself is what docs/contracts.md promises of it. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
class OpenApiTest {
    private static final String[] PRODUCT = {"product_id", "product_name", "price", "category_id", "features"};

    @Test
    void agreesWithTheContract() {
        OpenApiContract.served(document())
                .operation("GET /categories", 200, 503, 504)
                .fields("GET /categories 200", "category_id", "name")
                .auditTrail()
                .operation("GET /products", 200, 400, 503, 504)
                .fields("GET /products 200", "product_id", "product_name", "price", "category_id")
                .operation("POST /products", 201, 400, 415, 503, 504)
                .fields("POST /products 201", PRODUCT)
                .operation("GET /products/{id}", 200, 304, 400, 404, 503, 504)
                .fields("GET /products/{id} 200", PRODUCT)
                .operation("PATCH /products/{id}", 200, 400, 404, 412, 415, 503, 504)
                .fields("PATCH /products/{id} 200", PRODUCT)
                .operation("DELETE /products/{id}", 204, 400, 404, 412, 503, 504)
                .operation("POST /product", 201, 400, 415, 503, 504)
                .fields("POST /product 201", PRODUCT)
                .operation("PATCH /product/{id}", 200, 400, 404, 412, 415, 503, 504)
                .fields("PATCH /product/{id} 200", PRODUCT)
                .assertAgrees();
    }

    @Test
    void namesTheMembersThatAWriteMayHave() {
        assertThat(members("ProductInput"))
                .containsExactlyInAnyOrder("product_name", "price", "category_id", "features");
        assertThat(members("ProductPatch")).containsExactlyInAnyOrder(PRODUCT);
    }

    @Test
    void listsWhatAQueryMaySay() {
        List<String> parameters = JsonPath.from(document()).getList("paths.'/products'.get.parameters.name");
        assertThat(parameters).containsExactlyInAnyOrder("limit", "after", "category_id", "product_ids", "q");
        assertThat(JsonPath.from(document())
                        .getInt("paths.'/products'.get.parameters.find { it.name == 'limit' }.schema.maximum"))
                .isEqualTo(500);
    }

    @Test
    void patchesWithAMergePatch() {
        assertThat(JsonPath.from(document()).getMap("paths.'/products/{id}'.patch.requestBody.content"))
                .containsOnlyKeys("application/merge-patch+json");
    }

    private Set<String> members(String schema) {
        return JsonPath.from(document())
                .<String, Object>getMap("components.schemas." + schema + ".properties")
                .keySet();
    }

    private static String document() {
        return given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }
}
