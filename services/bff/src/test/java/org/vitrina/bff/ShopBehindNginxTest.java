package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page through a real nginx as it is by itself: it buffers answers, and must not hold a part of ours back. */
@QuarkusTest
class ShopBehindNginxTest extends BffTest {
    /** A part that comes later than its budget, as on a busy machine, is left out of a page. */
    private static final int TRIES = 5;

    @BeforeAll
    static void isThere() {
        Assumptions.assumeTrue(Nginx.program().isPresent(), "no nginx here, so no page is read through one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void theFrameComesFirstAndThenEachPartWhenItIsThere(String encoding) throws Exception {
        String page = "";
        try (Nginx nginx = Nginx.before(base)) {
            for (int i = 0; i < TRIES && !page.contains("10 in stock"); i++) {
                breakers.resetAll();
                CountDownLatch products = new CountDownLatch(1);
                CountDownLatch stock = new CountDownLatch(1);
                behind.products().answer(Backs.page(1, 2, 3).when(products));
                behind.inventory().answer(request -> Backs.levels(request).when(stock));
                try (Arriving answer = Arriving.of(nginx.shop(), "Accept", "text/html", "Accept-Encoding", encoding)) {
                    // what is waited for here comes though what follows it cannot have come
                    String frame = answer.until("<span slot=\"cart\" class=\"count\">2</span>");
                    assertThat(frame).contains("<h1 slot=\"heading\"").doesNotContain("id=\"product-1\"");
                    products.countDown();
                    String listed = answer.until("</article>");
                    assertThat(listed).doesNotContain("in stock");
                    stock.countDown();
                    page = answer.all();
                    assertThat(answer.header("Content-Encoding")).isEqualTo(encoding.equals("gzip") ? "gzip" : "");
                } catch (AssertionError late) {
                    if (i == TRIES - 1) {
                        throw late;
                    }
                } finally {
                    products.countDown();
                    stock.countDown();
                }
            }
        }
        assertThat(page)
                .contains("10 in stock", "href=\"/north/shop/products/1\"", "href=\"/north/assets/shop-")
                .endsWith("</html>\n");
    }
}
