package org.vitrina.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({
        "'\"2500\"',2500.00",
        "'\"2500.5\"',2500.50",
        "2500.00,2500.00",
        "0,0.00",
        "999999999999.99,999999999999.99"
    })
    void readsEveryAcceptedForm(String input, String expected) throws Exception {
        assertThat(json.readValue(input, Money.class)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1.001\"",
                "1.001",
                "-1",
                "\"-1\"",
                "\"+1\"",
                "1e3",
                "\"1e3\"",
                "\"\"",
                "\" 1\"",
                "1000000000000",
                "true",
                "[]",
                "\"١\""
            })
    void refusesEveryOtherForm(String input) {
        assertThatThrownBy(() -> json.readValue(input, Money.class)).isInstanceOf(JsonMappingException.class);
    }

    @Test
    void isWrittenAsStringWithTwoDecimals() throws Exception {
        assertThat(json.writeValueAsString(Money.parse("7"))).isEqualTo("\"7.00\"");
    }

    @Test
    void addsAndMultipliesExactly() {
        assertThat(Money.parse("0.10").plus(Money.parse("0.20"))).isEqualTo(Money.parse("0.30"));
        assertThat(Money.parse("19.99").times(3)).isEqualTo(Money.parse("59.97"));
    }
}
