package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeptMarkupTest {
    private final KeptMarkup kept = new KeptMarkup();
    private final AtomicInteger made = new AtomicInteger();

    private record Of(String product, String language) {}

    @Test
    void whatIsMadeOfTheSameIsMadeOnce() {
        assertThat(text(kept.of(new Of("Tea", "en"), () -> markup("Tea")))).isEqualTo("Tea");
        assertThat(text(kept.of(new Of("Tea", "en"), () -> markup("never asked for"))))
                .isEqualTo("Tea");
        assertThat(text(kept.of(new Of("Tea", "ru"), () -> markup("Чай")))).isEqualTo("Чай");

        assertThat(made).hasValue(2);
    }

    @Test
    void piecesStayApart() {
        List<Markup> pieces = kept.pieces("frame", () -> List.of("before", "after"));

        assertThat(pieces).extracting(KeptMarkupTest::text).containsExactly("before", "after");
    }

    /** Else each page of a hundred products costs what compressing it costs, for bytes that are the same. */
    @Test
    void isCompressedOnce() {
        Markup cards = kept.of("cards", () -> markup("a card, ".repeat(1_000)));

        try (var blocks = new GzipBlocks()) {
            assertThat(cards.block(blocks))
                    .isSameAs(kept.of("cards", () -> markup("")).block(blocks))
                    .hasSizeLessThan(200);
        }
    }

    /** More than fits is given up, so that a caller who asks for many different pages costs no memory. */
    @Test
    void itsMemoryIsBounded() {
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 16; i++) {
            kept.of(i, () -> markup(large));
        }
        made.set(0);
        for (int i = 0; i < 16; i++) {
            kept.of(i, () -> markup(large));
        }

        assertThat(made.get()).isGreaterThanOrEqualTo(12);
    }

    private static String text(Markup markup) {
        return new String(markup.plain(), StandardCharsets.UTF_8);
    }

    private String markup(String text) {
        made.incrementAndGet();
        return text;
    }
}
