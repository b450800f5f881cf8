package org.vitrina.bff.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 101, Integer.MAX_VALUE, 9_999_999_999L, Long.MAX_VALUE})
    void writesWholeNumbers(long number) {
        assertThat(text(new JsonBytes(0).write(number))).isEqualTo(Long.toString(number));
    }

    @Test
    void refusesNegativeNumbers() {
        assertThatThrownBy(() -> new JsonBytes(0).write(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new JsonBytes(0).write(Long.MIN_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growsAroundWhateverIsWritten() {
        var random = new Random(22);
        var bytes = new JsonBytes(0);
        var expected = new StringBuilder();
        byte[] piece = "0123456789".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2000; i++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    bytes.write('x');
                    expected.append('x');
                }
                case 1 -> {
                    bytes.write("text");
                    expected.append("text");
                }
                case 2 -> {
                    int number = random.nextInt(Integer.MAX_VALUE);
                    bytes.write(number);
                    expected.append(number);
                }
                case 3 -> {
                    bytes.write(piece);
                    expected.append("0123456789");
                }
                default -> {
                    int from = random.nextInt(10);
                    int count = random.nextInt(10 - from);
                    bytes.write(piece, from, count);
                    expected.append("0123456789", from, from + count);
                }
            }
            assertThat(bytes.length()).isEqualTo(expected.length());
        }
        assertThat(text(bytes)).isEqualTo(expected.toString());

        byte[] copy = new byte[bytes.length() + 2];
        bytes.copyTo(copy, 2);
        assertThat(new String(copy, 2, bytes.length(), StandardCharsets.US_ASCII))
                .isEqualTo(expected.toString());
    }

    private static String text(JsonBytes bytes) {
        return new String(bytes.toBytes(), StandardCharsets.US_ASCII);
    }
}
