package org.vitrina.bff.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.client.CallFailure;

class LinesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | 0",
                "[{\"product_id\":1}] | 1",
                "[{\"product_id\":1,\"quantity\":7},{\"quantity\":2,\"product_id\":1}] | 2",
                "[{\"x\":{\"product_id\":\"a\"},\"product_id\":1,\"y\":[[]]}] | 1"
            })
    void countsLinesNotPieces(String body, int lines) {
        assertThat(LineCounter.count(Buffer.buffer(body))).isEqualTo(lines);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "3",
                "\"[]\"",
                "[1]",
                "[null]",
                "[{}]",
                "[[]]",
                "[{\"quantity\":1}]",
                "[{\"product_id\":\"1\"}]",
                "[{\"product_id\":null}]",
                "[{\"product_id\":1.0}]",
                "[{\"product_id\":{}}]",
                "[{\"x\":{\"product_id\":1}}]",
                "[{\"product_id\":1}",
                "[{\"product_id\":1}],",
                "[] []",
                "[",
                "<html>"
            })
    void refusesWhatIsNoListOfLines(String body) {
        assertThatThrownBy(() -> LineCounter.count(Buffer.buffer(body))).isInstanceOf(CallFailure.Retryable.class);
    }
}
