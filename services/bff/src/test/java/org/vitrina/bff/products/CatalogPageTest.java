package org.vitrina.bff.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.bff.upstream.JsonBytes;
import org.vitrina.client.CallFailure;

class CatalogPageTest {
    @Test
    void keepsIdNameAndPriceOfEachProductAndNothingElse() {
        CatalogPage page = CatalogPage.parse(
                Buffer.buffer(
                        """
                        [{"product_id": 1, "product_name": "Lamp", "price": "2500.00", "category_id": 1, "x": {"y": [1]}},
                         {"price": null, "product_name": "Chair", "product_id": 2},
                         {"product_name": "Table", "product_id": 2147483647}]
                        """),
                7);

        assertThat(page.count()).isEqualTo(3);
        assertThat(page.next()).isEqualTo(7);
        assertThat(page.id(0)).isEqualTo(1);
        assertThat(page.id(2)).isEqualTo(Integer.MAX_VALUE);
        assertThat(written(page))
                .isEqualTo("[{\"product_id\":1,\"product_name\":\"Lamp\",\"price\":\"2500.00\",\"i\":0},"
                        + "{\"product_id\":2,\"product_name\":\"Chair\",\"i\":1},"
                        + "{\"product_id\":2147483647,\"product_name\":\"Table\",\"i\":2}]");
    }

    @Test
    void anEmptyListIsAPage() {
        CatalogPage page = CatalogPage.parse(Buffer.buffer("[]"), 0);
        assertThat(page.count()).isZero();
        assertThat(page.next()).isZero();
        assertThat(written(page)).isEqualTo("[]");
    }

    @Test
    void anyNameAndPriceComeOutAsTheyWentIn() {
        var random = new Random(20);
        var all = new JsonArray();
        for (int i = 1; i <= 500; i++) {
            all.add(new JsonObject()
                    .put("product_id", i)
                    .put("product_name", odd(random))
                    .put("price", odd(random)));
        }

        // through the encoded form, as from a cache
        CatalogPage page =
                CatalogPage.decoded(CatalogPage.parse(all.toBuffer(), 500).encoded());

        var back = new JsonArray(written(page));
        assertThat(back).hasSize(500);
        for (int i = 0; i < 500; i++) {
            assertThat(page.id(i)).isEqualTo(i + 1);
            assertThat(back.getJsonObject(i))
                    .isEqualTo(all.getJsonObject(i).copy().put("i", i));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "null",
                "1",
                "[1]",
                "[null]",
                "[[]]",
                "[{}]",
                "[{\"product_id\":1}]",
                "[{\"product_name\":\"a\"}]",
                "[{\"product_id\":0,\"product_name\":\"a\"}]",
                "[{\"product_id\":-1,\"product_name\":\"a\"}]",
                "[{\"product_id\":\"1\",\"product_name\":\"a\"}]",
                "[{\"product_id\":1.5,\"product_name\":\"a\"}]",
                "[{\"product_id\":2147483648,\"product_name\":\"a\"}]",
                "[{\"product_id\":99999999999999999999,\"product_name\":\"a\"}]",
                "[{\"product_id\":1,\"product_name\":null}]",
                "[{\"product_id\":1,\"product_name\":7}]",
                "[{\"product_id\":1,\"product_name\":[\"a\"]}]",
                "[{\"product_id\":1,\"product_name\":\"a\",\"price\":7.5}]",
                "[{\"product_id\":1,\"product_name\":\"a\",\"price\":{}}]",
                "[{\"product_id\":1,\"product_name\":\"a\"}",
                "[{\"product_id\":1,\"product_name\":\"a\"",
                "[{\"product_id\":1,\"product_name\":\"a",
                "[{\"product_id\":1,\"product_name\":\"a\"}]]",
                "[{\"product_id\":1,\"product_name\":\"a\"}] []",
                "[{\"product_id\":1 \"product_name\":\"a\"}]",
                "[{\"product_id\":1,\"product_name\":\"\\x\"}]",
                "<html>"
            })
    void refusesWhatIsNoListOfProducts(String body) {
        assertThatThrownBy(() -> CatalogPage.parse(Buffer.buffer(body), 0)).isInstanceOf(CallFailure.Retryable.class);
    }

    @Test
    void anyCutOrGarbledAnswerIsRefusedOrRead() {
        byte[] whole = "[{\"product_id\":1,\"product_name\":\"Lämp\\u00e9\",\"price\":\"2500.00\",\"c\":{\"d\":[1]}}]"
                .getBytes(StandardCharsets.UTF_8);
        var random = new Random(21);
        for (int i = 0; i < 5000; i++) {
            byte[] garbled = whole.clone();
            garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
            read(Buffer.buffer(garbled));
        }
        for (int length = 0; length < whole.length; length++) {
            Buffer cut = Buffer.buffer(whole).slice(0, length);
            assertThatThrownBy(() -> CatalogPage.parse(cut, 0)).isInstanceOf(CallFailure.Retryable.class);
        }
    }

    /** Nothing but a page or the one failure may come of it; a page is JSON. */
    private static void read(Buffer body) {
        try {
            assertThat(new JsonArray(written(CatalogPage.parse(body, 0)))).isNotNull();
        } catch (CallFailure.Retryable refused) {
            assertThat(refused).hasMessageStartingWith("no list of products");
        }
    }

    private static String odd(Random random) {
        var text = new StringBuilder();
        int[] of = {'"', '\\', '/', '\n', '\t', 0, 1, 0x1f, 0x7f, 'a', ' ', '{', ']', 'é', 'Щ', 0x2028, 0xfffd, 0x1f6cd
        };
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(of[random.nextInt(of.length)]);
        }
        return text.toString();
    }

    private static String written(CatalogPage page) {
        var out = new JsonBytes(1).write('[');
        page.write(out, (json, index) -> json.write(",\"i\":").write(index));
        return new String(out.write(']').toBytes(), StandardCharsets.UTF_8);
    }
}
