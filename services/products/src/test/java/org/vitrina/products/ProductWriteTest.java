package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;

@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
class ProductWriteTest implements Started {
    private static final String TEN = "[0.5,-1,2,3,4,5,6,7,8,1e-3]";

    @Test
    void storesANewProductAndSaysWhereItIs() {
        Response created = post("/products/", body("\"Балалайка\"", "\"2500.00\"", "4242"));
        assertThat(created.statusCode()).isEqualTo(201);
        int id = created.jsonPath().getInt("product_id");
        assertThat(id).isGreaterThan(200);
        assertThat(created.header("Location")).isEqualTo("/products/" + id);
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.jsonPath().getMap(""))
                .isEqualTo(
                        Map.of("product_id", id, "product_name", "Балалайка", "price", "2500.00", "category_id", 4242));

        Response read = given().get(created.header("Location"));
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.asString()).isEqualTo(created.asString());
        assertThat(read.header("ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/products", "/products/", "/product", "/product/"})
    void createsUnderEachSpellingOfThePath(String path) {
        Response created = post(path, body("\"Домра\"", "\"1.00\"", "4243"));
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.header("Location"))
                .isEqualTo("/products/" + created.jsonPath().getInt("product_id"));
    }

    @Test
    void keepsTenFeaturesExactly() {
        Response created = post(
                "/products/",
                "{\"product_name\":\"Гусли\",\"price\":\"1\",\"category_id\":4244,\"features\":" + TEN + "}");
        given().get(created.header("Location"))
                .then()
                .statusCode(200)
                .body("features", equalTo(List.of(0.5f, -1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f, 7.0f, 8.0f, 0.001f)));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2500\"',2500.00",
        "2500.00,2500.00",
        "2500.5,2500.50",
        "0,0.00",
        "'\"999999999999.99\"',999999999999.99"
    })
    void readsEveryAcceptedFormOfAPrice(String price, String stored) {
        assertThat(post("/products/", body("\"Рожок\"", price, "4245"))
                        .jsonPath()
                        .getString("price"))
                .isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2500.001\"",
                "2500.001",
                "-1",
                "\"-1\"",
                "\"+1\"",
                "1e3",
                "\"1e3\"",
                "\"\"",
                "\"free\"",
                "true",
                "[]",
                "{}",
                "1000000000000"
            })
    void refusesEveryOtherFormOfAPriceAndNamesTheMember(String price) {
        post("/products/", body("\"Рожок\"", price, "1"))
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", hasItem("price"));
    }

    @Test
    void namesEveryMemberThatIsMissing() {
        post("/products/", "{}")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:validation"))
                .body("status", equalTo(400))
                .body("violations.field", containsInAnyOrder("product_name", "price", "category_id"))
                .body("violations.message", contains("is required", "is required", "is required"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "product_name|\"\"",
                "product_name|\"   \"",
                "product_name|\"a\\u0000b\"",
                "product_name|\"a\\nb\"",
                "product_name|\"\\ud800\"",
                "product_name|null",
                "product_name|5",
                "product_name|[]",
                "category_id|0",
                "category_id|-1",
                "category_id|1.5",
                "category_id|2147483648",
                "category_id|\"x\"",
                "category_id|true",
                "category_id|null",
                "price|null",
                "features|[1,2,3]",
                "features|[]",
                "features|[1,2,3,4,5,6,7,8,9,10,11]",
                "features|[null,null,null,null,null,null,null,null,null,null,null]",
                "features|[1,2,3,4,5,6,7,8,9,\"x\"]",
                "features|[1,2,3,4,5,6,7,8,9,\"NaN\"]",
                "features|[1,2,3,4,5,6,7,8,9,1e999]",
                "features|[1,2,3,4,5,6,7,8,9,-1.1e100]",
                "features|[1,2,3,4,5,6,7,8,9,null]",
                "features|5",
                "features|\"ten\""
            })
    void refusesABadMemberInBothKindsOfWriteAndNamesIt(String member, String value) {
        var good = new LinkedHashMap<>(
                Map.of("product_name", "\"Жалейка\"", "price", "\"1.00\"", "category_id", "4246", "features", TEN));
        int id = post("/products/", json(good)).jsonPath().getInt("product_id");
        String before = given().get("/products/" + id).asString();

        good.put(member, value);
        post("/products/", json(good))
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", hasItem(startsWith(member)));
        patch("/products/" + id, json(Map.of(member, value)))
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", hasItem(startsWith(member)));
        given().get("/products/" + id)
                .then()
                .statusCode(200)
                .body(equalTo(before))
                .header("ETag", "\"1\"");
    }

    @Test
    void numbersBeyondTenAreNotJudged() {
        String features = "{\"features\":[" + "null,".repeat(12_000) + "1]}";
        long begin = System.nanoTime();
        for (Response refused : List.of(post("/products/", features), patch("/products/1", features))) {
            refused.then()
                    .statusCode(400)
                    .body("violations.field", equalTo(List.of("features")))
                    .body("violations.message", equalTo(List.of("must be ten numbers")));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void acceptsANameOfTwoHundredCharactersAndNotOneMore() {
        assertThat(post("/products/", body('"' + "я".repeat(200) + '"', "1", "4247"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(post("/products/", body('"' + "я".repeat(201) + '"', "1", "4247"))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "5", "\"x\"", "{", "{\"product_name\":", "nonsense"})
    void refusesABodyThatIsNoObject(String body) {
        post("/products/", body).then().statusCode(400).contentType("application/problem+json");
        patch("/products/1", body).then().statusCode(400).contentType("application/problem+json");
        given().get("/products/1").then().header("ETag", "\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/merge-patch+json"})
    void createsOnlyFromJson(String type) {
        given().header("Content-Type", type)
                .body(body("\"Волынка\"", "1", "1"))
                .post("/products/")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json-patch+json", "text/plain"})
    void patchesOnlyWithAMergePatch(String type) {
        given().header("Content-Type", type)
                .body("{\"price\":\"1\"}")
                .patch("/products/1/")
                .then()
                .statusCode(415)
                .header("Accept", "application/merge-patch+json")
                .body(
                        "detail",
                        equalTo("A body of this media type cannot be read here; send application/merge-patch+json."))
                .contentType("application/problem+json");
        given().get("/products/1").then().header("ETag", "\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/products/%d", "/products/%d/", "/product/%d", "/product/%d/"})
    void changesWhatThePatchNamesAndNothingElse(String path) {
        int id = product(4248);
        Response changed = patch(path.formatted(id), "{\"price\":\"7\"}");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(changed.jsonPath().getMap(""))
                .isEqualTo(Map.of("product_id", id, "product_name", "Свирель", "price", "7.00", "category_id", 4248));
        given().get("/products/" + id).then().body(equalTo(changed.asString())).header("ETag", "\"2\"");
    }

    @Test
    void addsReplacesAndRemovesFeatures() {
        int id = product(4249);
        patch("/products/" + id, "{\"features\":" + TEN + "}")
                .then()
                .statusCode(200)
                .body("features.size()", equalTo(10));
        patch("/products/" + id, "{\"features\":[1,1,1,1,1,1,1,1,1,2]}")
                .then()
                .statusCode(200)
                .body("features[9]", equalTo(2.0f));
        patch("/products/" + id, "{\"features\":null}").then().statusCode(200).body("$", not(hasKey("features")));
        given().get("/products/" + id).then().body("$", not(hasKey("features"))).header("ETag", "\"4\"");
    }

    @Test
    void keepsTheVersionWhenAPatchChangesNothing() {
        int id = product(4250);
        patch("/products/" + id, "{}").then().statusCode(200).header("ETag", "\"1\"");
        patch("/products/" + id, "{\"price\":\"3.50\",\"unknown_member\":1}")
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"");
    }

    @Test
    void neverChangesAnId() {
        int id = product(4251);
        patch("/products/" + id, "{\"product_id\":" + id + "}").then().statusCode(200);
        patch("/products/" + id, "{\"product_id\":1}")
                .then()
                .statusCode(400)
                .body("violations.field", contains("product_id"));
        patch("/products/" + id, "{\"product_id\":null}")
                .then()
                .statusCode(400)
                .body("violations.field", contains("product_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "1", "*", "\"9\", \"1\""})
    void patchesWhenIfMatchNamesThePresentVersion(String ifMatch) {
        int id = product(4252);
        given(patching("{\"price\":\"4\"}").header("If-Match", ifMatch))
                .patch("/products/" + id)
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "W/\"1\"", "\"\"", "x", "\"9\", \"8\""})
    void refusesAPatchOrDeleteForAnotherVersionAndSaysThePresentOne(String ifMatch) {
        int id = product(4253);
        given(patching("{\"price\":\"4\"}").header("If-Match", ifMatch))
                .patch("/products/" + id)
                .then()
                .statusCode(412)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:precondition-failed"))
                .header("ETag", "\"1\"");
        given().header("If-Match", ifMatch).delete("/products/" + id).then().statusCode(412);
        given().get("/products/" + id).then().statusCode(200).body("price", equalTo("3.50"));
    }

    @Test
    void honoursIfMatchSpreadOverSeveralLines() {
        int id = product(4254);
        given(patching("{\"price\":\"4\"}").header("If-Match", "\"7\"", "\"1\""))
                .patch("/products/" + id)
                .then()
                .statusCode(200);
    }

    @Test
    void takesAProductOffSaleOnce() {
        int id = product(4255);
        Response gone = given().delete("/products/" + id + "/");
        assertThat(gone.statusCode()).isEqualTo(204);
        assertThat(gone.asString()).isEmpty();
        given().get("/products/" + id).then().statusCode(404);
        given().delete("/products/" + id).then().statusCode(404);
        given().get("/products?category_id=4255").then().body("", equalTo(Collections.emptyList()));
    }

    @Test
    void deletesWhenIfMatchNamesThePresentVersion() {
        int id = product(4256);
        given().header("If-Match", "\"1\"").delete("/products/" + id).then().statusCode(204);
    }

    @Test
    void knowsNoUnknownProduct() {
        for (String path : List.of("/products/2147483647", "/product/2147483647")) {
            patch(path, "{\"price\":\"1\"}")
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:vitrina:problem:not-found"));
        }
        given().delete("/products/2147483647").then().statusCode(404).contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "2147483648", "99999999999999999999", "%20", "1e2"})
    void refusesABadIdInEveryMethod(String id) {
        for (Response answer : List.of(
                given().urlEncodingEnabled(false).get("/products/" + id),
                given().urlEncodingEnabled(false).delete("/products/" + id),
                patching("{\"price\":\"1\"}").urlEncodingEnabled(false).patch("/products/" + id),
                patching("{\"price\":\"1\"}").urlEncodingEnabled(false).patch("/product/" + id))) {
            answer.then().statusCode(400).contentType("application/problem+json");
        }
    }

    private static int product(int category) {
        return post("/products/", body("\"Свирель\"", "\"3.50\"", Integer.toString(category)))
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getInt("product_id");
    }

    private static String body(String name, String price, String category) {
        return json(Map.of("product_name", name, "price", price, "category_id", category));
    }

    private static String json(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> '"' + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static Response post(String path, String body) {
        return given().header("Content-Type", "application/json").body(body).post(path);
    }

    private static Response patch(String path, String body) {
        return patching(body).patch(path);
    }

    private static RequestSpecification patching(String body) {
        return given().header("Content-Type", "application/merge-patch+json").body(body);
    }
}
