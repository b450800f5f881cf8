package org.vitrina.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Money;

class NewOrderTest {
    @Test
    void sumsEqualProductsAndCounts() {
        NewOrder order = order("x", null, line(7, "2.50", 2), line(3, "1", null), line(7, "2.5", 3));

        assertThat(order.lines())
                .containsExactly(new Line(7, Money.parse("2.50"), 5), new Line(3, Money.parse("1.00"), 1));
        assertThat(order.total()).isEqualTo(Money.parse("13.50"));
        assertThat(order.productIds()).containsExactly(7, 3);
        assertThat(order.linesAsJson())
                .isEqualTo(
                        "[{\"id\":7,\"price\":\"2.50\",\"quantity\":5},{\"id\":3,\"price\":\"1.00\",\"quantity\":1}]");
    }

    @Test
    void itsFingerprintIsOfWhatIsMeant() {
        byte[] print = order("x", "+7999", line(7, "2.50", 2), line(3, "1", 1))
                .fingerprint()
                .bytes();
        assertThat(order("x", "+7999", line(3, "1.00", null), line(7, "2.5", 1), line(7, "2.50", 1))
                        .fingerprint()
                        .bytes())
                .isEqualTo(print);
        for (NewOrder other : List.of(
                order("y", "+7999", line(7, "2.50", 2), line(3, "1", 1)),
                order("x", null, line(7, "2.50", 2), line(3, "1", 1)),
                order("x", "+7999", line(7, "2.51", 2), line(3, "1", 1)),
                order("x", "+7999", line(7, "2.50", 1), line(3, "1", 1)),
                order("x", "+7999", line(7, "2.50", 2)))) {
            assertThat(other.fingerprint().bytes()).isNotEqualTo(print);
        }
    }

    @Test
    void idsAreUuidsOfVersion7InOrderOfTime() {
        var early = OrderIds.next(Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC));
        var late = OrderIds.next(Clock.systemUTC());
        assertThat(early.version()).isEqualTo(7);
        assertThat(early.variant()).isEqualTo(2);
        assertThat(early.toString()).isLessThan(late.toString()).startsWith("0000000f-4240-7");
        assertThat(OrderIds.lowest(1_000_000).toString()).isLessThanOrEqualTo(early.toString());
        assertThat(OrderIds.lowest(1_000_001).toString()).isGreaterThan(early.toString());
        assertThat(OrderIds.next(Clock.systemUTC())).isNotEqualTo(late);
    }

    private static LineInput line(int id, String price, @Nullable Integer quantity) {
        return new LineInput(id, Money.parse(price), quantity);
    }

    private static NewOrder order(String shippingTo, @Nullable String phone, LineInput... lines) {
        return NewOrder.of(new OrderInput(Arrays.asList(lines), shippingTo, phone));
    }
}
