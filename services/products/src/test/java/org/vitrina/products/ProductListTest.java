package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;

@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
class ProductListTest implements Started {
    private static final Pattern NEXT = Pattern.compile("<(.+)>; rel=\"next\"");

    @Test
    void listsTheFirstHundredByIdAndLinksToTheRest() {
        Response answer = given().get("/products");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(ids(answer)).isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(answer.header("Link")).isEqualTo("</products?after=100>; rel=\"next\"");
    }

    @Test
    void showsTheNewestFirstToWhoHasThatVariant() {
        Response first = given().header("Vitrina-Variant", "products/newest").get("/products?limit=2");
        List<Integer> newest = ids(first);
        assertThat(newest).hasSize(2).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(newest.getFirst()).isGreaterThan(100);
        assertThat(first.header("Vary")).contains("Vitrina-Variant");
        assertThat(first.header("Link")).isEqualTo("</products?limit=2&after=" + newest.getLast() + ">; rel=\"next\"");

        assertThat(ids(given().header("Vitrina-Variant", "products/newest").get("/products?limit=2&after=3")))
                .containsExactly(2, 1);
        assertThat(ids(given().header("Vitrina-Variant", "products/newest").get("/products?product_ids=1,2,3")))
                .containsExactly(3, 2, 1);
        for (String other : List.of("products/other", "cart/newest", "newest", "%")) {
            assertThat(ids(given().header("Vitrina-Variant", other).get("/products?limit=2")))
                    .containsExactly(1, 2);
        }
    }

    @Test
    void showsExactlyTheFourMembersOfAProductInAList() {
        List<Map<String, Object>> products =
                given().get("/products?limit=1").jsonPath().getList("");
        assertThat(products)
                .containsExactly(Map.of(
                        "product_id",
                        1,
                        "product_name",
                        "Сковорода чугунная «Уральская», 26 см",
                        "price",
                        "2500.00",
                        "category_id",
                        1));
    }

    @Test
    void acceptsATrailingSlash() {
        assertThat(ids(given().get("/products/?limit=2"))).containsExactly(1, 2);
    }

    @Test
    void mayBeReusedForAMomentAndLongerWhileTheServiceFails() {
        given().get("/products").then().header("Cache-Control", "public, max-age=5, stale-if-error=600");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 500})
    void acceptsLimitsAtTheBorders(int limit) {
        assertThat(ids(given().get("/products?category_id=3&limit=" + limit))).hasSize(Math.min(limit, 25));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=501",
                "limit=-1",
                "limit=ten",
                "limit=1.5",
                "limit=99999999999",
                "after=0",
                "after=-1",
                "after=x",
                "after=2147483648",
                "category_id=0",
                "category_id=x",
                "product_ids=",
                "product_ids=1,,2",
                "product_ids=1,x",
                "product_ids=0",
                "product_ids=1,%202",
                "product_ids=2147483648"
            })
    void refusesABadParameterAndNamesIt(String query) {
        given().urlEncodingEnabled(false)
                .get("/products?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"))
                .body("detail", startsWith(query.substring(0, query.indexOf('='))));
    }

    @Test
    void takesAParameterWithoutValueAsLeftOut() {
        assertThat(ids(given().urlEncodingEnabled(false).get("/products?limit=&after=&category_id=")))
                .hasSize(100);
    }

    @Test
    void takesNamedProductsFromSeveralParametersToo() {
        assertThat(ids(given().get("/products?product_ids=2&product_ids=1,3"))).containsExactly(1, 2, 3);
    }

    @Test
    void followsLinksThroughTheWholeCatalogueWithoutGapOrRepetition() {
        List<Integer> seen = new ArrayList<>();
        String next = "/products?category_id=2&limit=7";
        while (next != null) {
            Response page = given().urlEncodingEnabled(false).get(next);
            seen.addAll(ids(page));
            next = next(page);
        }
        assertThat(seen)
                .isEqualTo(IntStream.rangeClosed(1, 200)
                        .filter(id -> id % 8 == 2)
                        .boxed()
                        .toList());
    }

    @Test
    void linksToNothingWhenThePageEndsWithTheLastProduct() {
        Response page = given().get("/products?category_id=2&limit=25");
        assertThat(ids(page)).hasSize(25);
        assertThat(page.header("Link")).isNull();
    }

    @Test
    void isEmptyForACategoryWithoutProducts() {
        given().get("/products?category_id=2147483647").then().statusCode(200).body(equalTo("[]"));
    }

    @Test
    void goesOnAfterAnIdThatIsNotThere() {
        assertThat(ids(given().get("/products?after=3&product_ids=1,2,3,999999,5,4")))
                .containsExactly(4, 5);
    }

    @Test
    void givesTheNamedProductsOnceByIdAndLeavesUnknownOnesOut() {
        assertThat(ids(given().get("/products?product_ids=5,2147483647,3,5,1"))).containsExactly(1, 3, 5);
    }

    @Test
    void givesAllNamedProductsWhenNoLimitIsSaid() {
        Response answer = given().get("/products?product_ids=" + first(500));
        assertThat(ids(answer))
                .hasSizeGreaterThanOrEqualTo(200)
                .startsWith(1, 2, 3)
                .contains(200);
        assertThat(answer.header("Link")).isNull();
    }

    @Test
    void pagesThroughNamedProductsToo() {
        Response first = given().get("/products?product_ids=1,2,3&limit=2");
        assertThat(ids(first)).containsExactly(1, 2);
        assertThat(ids(given().urlEncodingEnabled(false).get(Objects.requireNonNull(next(first)))))
                .containsExactly(3);
    }

    @Test
    void refusesMoreThanFiveHundredNamedProducts() {
        given().get("/products?product_ids=" + first(501)).then().statusCode(400);
    }

    @Test
    void combinesCategoryAndNamedProducts() {
        assertThat(ids(given().get("/products?category_id=1&product_ids=1,2,9,10")))
                .containsExactly(1, 9);
    }

    @Test
    void demoCatalogueHasTwoHundredProductsInEightCategoriesWithDistinctNamesAndRealPrices() {
        List<Map<String, Object>> products =
                given().get("/products?product_ids=" + first(200)).jsonPath().getList("");
        assertThat(products).hasSize(200);
        assertThat(products.stream().map(product -> product.get("product_name")))
                .doesNotHaveDuplicates();
        assertThat(products.stream().map(product -> product.get("category_id")).collect(Collectors.toSet()))
                .isEqualTo(Set.of(1, 2, 3, 4, 5, 6, 7, 8));
        assertThat(products)
                .allSatisfy(product -> assertThat((String) product.get("price")).matches("[1-9][0-9]*\\.[0-9]{2}"));
    }

    @Test
    void answersAWrongMethodWithoutFault() {
        given().put("/products").then().statusCode(405).contentType("application/problem+json");
    }

    private static String first(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static List<Integer> ids(Response answer) {
        return answer.then().statusCode(200).extract().jsonPath().getList("product_id", Integer.class);
    }

    private static @Nullable String next(Response answer) {
        String link = answer.header("Link");
        if (link == null) {
            return null;
        }
        Matcher matcher = NEXT.matcher(link);
        assertThat(matcher.matches()).as(link).isTrue();
        return matcher.group(1);
    }
}
