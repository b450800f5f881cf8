package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;

/** What the service says of itself is what CONTRACTS promises of it. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
@SuppressWarnings("NullAway.Init") // before each
class OpenApiTest {
    private JsonPath openApi;

    @BeforeEach
    void read() {
        openApi = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void describesEveryOperationOfTheContractAndNoOther() {
        Map<String, Set<String>> operations = new TreeMap<>();
        Map<String, Map<String, ?>> paths = openApi.getMap("paths");
        paths.forEach((path, methods) -> operations.put(path, new TreeSet<>(methods.keySet())));
        assertThat(operations)
                .isEqualTo(Map.of(
                        "/products", Set.of("get", "post"),
                        "/products/{id}", Set.of("get", "patch", "delete"),
                        "/product", Set.of("post"),
                        "/product/{id}", Set.of("patch")));
    }

    @Test
    void namesEveryStatusOfTheContract() {
        assertThat(statuses("/products", "get")).contains("200", "400");
        assertThat(statuses("/products", "post")).contains("201", "400", "415");
        assertThat(statuses("/products/{id}", "get")).contains("200", "304", "400", "404");
        assertThat(statuses("/products/{id}", "patch")).contains("200", "400", "404", "412", "415");
        assertThat(statuses("/products/{id}", "delete")).contains("204", "400", "404", "412");
        assertThat(statuses("/product", "post")).isEqualTo(statuses("/products", "post"));
        assertThat(statuses("/product/{id}", "patch")).isEqualTo(statuses("/products/{id}", "patch"));
    }

    @Test
    void describesProductsByTheNamesThatAreSent() {
        assertThat(members("ProductLine"))
                .containsExactlyInAnyOrder("product_id", "product_name", "price", "category_id");
        assertThat(members("Product"))
                .containsExactlyInAnyOrder("product_id", "product_name", "price", "category_id", "features");
        assertThat(members("ProductInput"))
                .containsExactlyInAnyOrder("product_name", "price", "category_id", "features");
        assertThat(members("ProductPatch"))
                .containsExactlyInAnyOrder("product_id", "product_name", "price", "category_id", "features");
    }

    @Test
    void listsWhatAQueryMaySay() {
        List<String> parameters = openApi.getList("paths.'/products'.get.parameters.name");
        assertThat(parameters).containsExactlyInAnyOrder("limit", "after", "category_id", "product_ids");
        assertThat(openApi.getInt("paths.'/products'.get.parameters.find { it.name == 'limit' }.schema.maximum"))
                .isEqualTo(500);
    }

    @Test
    void patchesWithAMergePatch() {
        assertThat(openApi.getMap("paths.'/products/{id}'.patch.requestBody.content"))
                .containsOnlyKeys("application/merge-patch+json");
    }

    private Set<String> statuses(String path, String method) {
        return openApi.<String, Object>getMap("paths.'" + path + "'." + method + ".responses")
                .keySet();
    }

    private Set<String> members(String schema) {
        return openApi.<String, Object>getMap("components.schemas." + schema + ".properties")
                .keySet();
    }
}
