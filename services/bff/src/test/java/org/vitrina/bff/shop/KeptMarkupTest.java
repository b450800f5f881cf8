package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeptMarkupTest {
    private final KeptMarkup kept = new KeptMarkup();
    private final AtomicInteger made = new AtomicInteger();

    private record Of(String product, String language) {}

    @Test
    void whatIsMadeOfTheSameIsMadeOnce() {
        assertThat(kept.of(new Of("Tea", "en"), () -> markup("Tea"))).asString().isEqualTo("Tea");
        assertThat(kept.of(new Of("Tea", "en"), () -> markup("never asked for")))
                .asString()
                .isEqualTo("Tea");
        assertThat(kept.of(new Of("Tea", "ru"), () -> markup("Чай"))).asString().isEqualTo("Чай");

        assertThat(made).hasValue(2);
    }

    @Test
    void piecesStayApart() {
        List<byte[]> pieces = kept.pieces("frame", () -> List.of("before", "after"));

        assertThat(pieces).extracting(String::new).containsExactly("before", "after");
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

    private String markup(String text) {
        made.incrementAndGet();
        return text;
    }
}
