package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;

/** {@code GET /products?q=}: which names are found, and that the index finds them. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
@SuppressWarnings("NullAway.Init") // set by the test resource
class ProductSearchTest implements Started {
    private static final String MANY =
            "INSERT INTO product (id, name, price, category_id) SELECT 1000000 + n, 'Product ' || n || ' '"
                    + " || (ARRAY['red', 'green', 'blue', 'чёрный'])[1 + n %% 4] || ' '"
                    + " || (ARRAY['kettle', 'lamp', 'chair', 'скатерть', 'drill'])[1 + n %% 5] || ' model-' || n %% 977,"
                    + " 10, 1 + n %% 8 FROM generate_series(1, %d) n";

    PostgresServer postgres;

    @ParameterizedTest
    @CsvSource({
        "сковорода чугунная, 1",
        "СКОВОРОДА ЧУГ, 1",
        "уральская, 1",
        "'Сковорода чугунная «Уральская», 26 см', 1",
        "26 сковор чугунная, 1",
        "чугунная & ! | ( сковорода:*, 1"
    })
    void findsANameByItsWordsAndTheirBeginnings(String words, int id) {
        assertThat(found(words)).contains(id).hasSizeLessThan(20);
    }

    @Test
    void narrowsACategoryAndGoesOnAfterAnId() {
        List<Integer> all = found("с");
        assertThat(all).hasSizeGreaterThan(3).isSorted();
        int first = all.getFirst();
        List<Integer> rest = given().queryParam("q", "с")
                .queryParam("after", first)
                .get("/products")
                .jsonPath()
                .getList("product_id", Integer.class);
        assertThat(rest).isEqualTo(all.subList(1, all.size()));
        String link = given().queryParam("q", "с")
                .queryParam("limit", 1)
                .get("/products")
                .header("Link");
        assertThat(link).contains("after=" + first, "q=");
        assertThat(given().queryParam("q", "сковорода")
                        .queryParam("category_id", 2)
                        .get("/products")
                        .jsonPath()
                        .getList("product_id", Integer.class))
                .doesNotContain(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zzzznothing",
                "!!!",
                "'",
                "\\",
                "' | 'zzzz':*",
                "\u0000",
                "%",
                "<->",
                "'); DROP TABLE product; --",
                "漢字",
                "ﷺ",
                "🛒"
            })
    void hostileWordsFindNothingAndHarmNothing(String words) {
        assertThat(found(words)).isEmpty();
        assertThat(given().get("/products?limit=3").jsonPath().getList("product_id", Integer.class))
                .containsExactly(1, 2, 3);
    }

    @Test
    void boundsWhatIsSearched() {
        assertThat(found("с ".repeat(50))).isNotEmpty();
        given().queryParam("q", "a".repeat(101)).get("/products").then().statusCode(400);
        assertThat(SearchWords.tsquery("a b c d e f g h i j k l").split("&")).hasSize(10);
    }

    @Test
    void theIndexIsUsedHoweverTheStatementIsPlanned() throws Exception {
        try (Connection connection = postgres.connect("products")) {
            connection.setAutoCommit(false);
            fill(connection, 20_000);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PREPARE search (int, int, text) AS " + statement("kettle"));
                for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
                    statement.execute("SET LOCAL plan_cache_mode = " + mode);
                    // frequent words too: each name has "product"
                    for (String words : List.of("kettle red", "product", "977")) {
                        assertThat(plan(statement, words))
                                .as(mode + " " + words)
                                .contains("product_words");
                    }
                }
                statement.execute("DEALLOCATE search");
            }
            connection.rollback();
        }
    }

    /** The figure of docs/performance.md: {@code -Dsoak=true}. */
    @Test
    @EnabledIfSystemProperty(named = "soak", matches = "true")
    void ninetyNineOfAHundredSearchesOfAHundredThousandProductsTakeFiftyMilliseconds() throws Exception {
        try (Connection connection = postgres.connect("products")) {
            connection.setAutoCommit(false);
            fill(connection, 100_000);
            List<String> words = List.of(
                    "kettle",
                    "red kettle",
                    "скатерть чёрный",
                    "model",
                    "product",
                    "p",
                    "1",
                    "model 9",
                    "drill 77",
                    "zzz");
            long[] nanos = new long[2_000];
            try (PreparedStatement search =
                    connection.prepareStatement(statement("kettle").replaceAll("\\$[0-9]", "?"))) {
                for (int i = -200; i < nanos.length; i++) {
                    // the statement names the id, the words, then how many
                    search.setInt(1, i % 2 == 0 ? 0 : 1_050_000);
                    search.setString(2, SearchWords.tsquery(words.get(Math.floorMod(i, words.size()))));
                    search.setInt(3, 25);
                    long start = System.nanoTime();
                    try (ResultSet rows = search.executeQuery()) {
                        while (rows.next()) {
                            assertThat(rows.getInt(1)).isPositive();
                        }
                    }
                    if (i >= 0) {
                        nanos[i] = System.nanoTime() - start;
                    }
                }
            }
            connection.rollback();
            Arrays.sort(nanos);
            System.out.printf(
                    "search of 100 000 products: p50 %.1f ms, p99 %.1f ms, worst %.1f ms%n",
                    nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6, nanos[nanos.length - 1] / 1e6);
            assertThat(nanos[nanos.length * 99 / 100] / 1_000_000).isLessThanOrEqualTo(50);
        }
    }

    private static String statement(String words) {
        return ProductRepository.statement(ProductQuery.parse(false, null, null, null, null, words));
    }

    /** Seen by this transaction only, which is rolled back. */
    private static void fill(Connection connection, int products) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(MANY.formatted(products));
            statement.execute("ANALYZE product");
        }
    }

    private static String plan(Statement statement, String words) throws Exception {
        List<String> lines = new ArrayList<>();
        try (ResultSet plan = statement.executeQuery(
                "EXPLAIN EXECUTE search (0, 25, '" + SearchWords.tsquery(words).replace("'", "''") + "')")) {
            while (plan.next()) {
                lines.add(plan.getString(1));
            }
        }
        return String.join("\n", lines);
    }

    private static List<Integer> found(String words) {
        return given().queryParam("q", words)
                .get("/products")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("product_id", Integer.class);
    }
}
