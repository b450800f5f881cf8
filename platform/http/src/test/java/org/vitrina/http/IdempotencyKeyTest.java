package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.core.ProblemException;

class IdempotencyKeyTest {
    private static final List<String> NONE = List.of();

    @Test
    void theHeaderComesBeforeTheParameterAndThatBeforeTheRequestId() {
        assertThat(key(List.of("h"), List.of("p"), "r")).isEqualTo("h");
        assertThat(key(NONE, List.of("p"), "r")).isEqualTo("p");
        assertThat(key(NONE, NONE, "r")).isEqualTo("r");
    }

    @Test
    void withoutOneTheCallerIsToldHowToSendOne() {
        assertRefused(NONE, NONE, null, "send Idempotency-Key, ?request_id= or X-Request-Id");
    }

    @Test
    void whereTheRequestIdIsNoneItIsNotRecommended() {
        assertThatThrownBy(() -> IdempotencyKey.of(NONE, NONE, null, false))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.detail())
                        .endsWith("send Idempotency-Key or ?request_id=."));
    }

    @Test
    void oneOfTheWrongFormIsRefusedThoughAnotherWouldDo() {
        assertRefused(List.of(""), List.of("p"), "r", "1 to 255 visible ASCII");
        assertRefused(NONE, List.of("two words"), "r", "1 to 255 visible ASCII");
    }

    @Test
    void severalAreRefused() {
        assertRefused(List.of("a", "b"), NONE, null, "Idempotency-Key is there more than once");
        assertRefused(NONE, List.of("a", "a"), null, "request_id is there more than once");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!",
                "~",
                "\"",
                "\"open",
                "\"a\"b\"",
                "\"a\\b\"",
                "\"end\\\"",
                "a,b;c=d",
                "0190b5c2-6d3e-7a41-9b7e-000000000001"
            })
    void visibleAsciiIsAKeyAsItIs(String text) {
        assertThat(key(List.of(text), NONE, null)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"\"q-1\", q-1", "\"a\\\"b\", a\"b", "\"a\\\\b\", a\\b", "\"\\\"q\\\"\", \"q\""})
    void aQuotedStringAndTheBareOneAreOneKey(String quoted, String bare) {
        for (IdempotencyKey key : List.of(
                IdempotencyKey.of(List.of(quoted), NONE, null, true),
                IdempotencyKey.of(NONE, List.of(quoted), null, true),
                IdempotencyKey.of(NONE, NONE, quoted, true))) {
            assertThat(key.value()).isEqualTo(bare);
            assertThat(key.quoted()).isEqualTo(quoted);
            assertThat(key.asSent()).isEqualTo(quoted);
        }
        assertThat(new IdempotencyKey(bare, false).quoted()).isEqualTo(quoted);
        assertThat(new IdempotencyKey(bare, false).asSent()).isEqualTo(bare);
    }

    @Test
    void theQuotesDoNotCount() {
        assertThat(key(List.of('"' + "k".repeat(255) + '"'), NONE, null)).hasSize(255);
        assertRefused(List.of('"' + "k".repeat(256) + '"'), NONE, null, "1 to 255 visible ASCII");
        assertRefused(List.of("\"\""), NONE, null, "1 to 255 visible ASCII");
        assertRefused(List.of("\"two words\""), NONE, null, "1 to 255 visible ASCII");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a\t", "\u007f", "ключ", "\u0000"})
    void anythingElseIsNone(String text) {
        assertRefused(List.of(text), NONE, null, "1 to 255 visible ASCII");
    }

    @Test
    void theLongestHas255Characters() {
        assertThat(key(List.of("k".repeat(255)), NONE, null)).hasSize(255);
        assertRefused(List.of("k".repeat(256)), NONE, null, "1 to 255 visible ASCII");
    }

    private static String key(List<String> header, List<String> parameter, @Nullable String requestId) {
        return IdempotencyKey.of(header, parameter, requestId, true).value();
    }

    private static void assertRefused(
            List<String> header, List<String> parameter, @Nullable String requestId, String detail) {
        assertThatThrownBy(() -> key(header, parameter, requestId))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code()).isEqualTo(IdempotencyKey.INVALID);
                    assertThat(problem.code().status()).isEqualTo(400);
                    assertThat(problem.detail()).contains(detail);
                });
    }
}
