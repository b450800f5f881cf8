package org.vitrina.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An amount of money, never negative, with exactly two decimals; in JSON a string such as {@code "2500.00"}.
 *
 * <p>On input {@code "2500"}, {@code "2500.0"} and the number {@code 2500.00} are accepted too; more than two decimals, a
 * sign, an exponent or more than {@value #MAX_DIGITS} digits before the point are not.
 *
 * @param amount scale 2, at least zero
 */
@JsonDeserialize(using = Money.FromJson.class)
public record Money(BigDecimal amount) implements Comparable<Money> {
    /** Digits before the decimal point: 999 999 999 999.99 is the largest amount. */
    public static final int MAX_DIGITS = 12;

    public static final Money ZERO = new Money(BigDecimal.ZERO);

    private static final Pattern FORM = Pattern.compile("[0-9]{1," + MAX_DIGITS + "}(\\.[0-9]{1,2})?");

    /** @throws IllegalArgumentException if negative, finer than a hundredth or too large */
    public Money {
        if (amount.signum() < 0 || amount.precision() - amount.scale() > MAX_DIGITS) {
            throw new IllegalArgumentException("no amount of money: " + amount.toPlainString());
        }
        try {
            amount = amount.setScale(2);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("more than two decimals: " + amount.toPlainString(), e);
        }
    }

    /** @throws IllegalArgumentException if {@code text} is not of the form {@code 2500} or {@code 2500.00} */
    @JsonCreator
    public static Money parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "money is written as digits with at most two decimals, such as \"2500.00\"");
        }
        return new Money(new BigDecimal(text));
    }

    public Money plus(Money other) {
        return new Money(amount.add(other.amount));
    }

    public Money times(int quantity) {
        return new Money(amount.multiply(BigDecimal.valueOf(quantity)));
    }

    @Override
    public int compareTo(Money other) {
        return amount.compareTo(other.amount);
    }

    @JsonValue
    @Override
    public String toString() {
        return amount.toPlainString();
    }

    /** Reads the token's own text, so that {@code 1e3} is refused and {@code 0.1} never passes through a double. */
    static final class FromJson extends StdDeserializer<Money> {
        private static final long serialVersionUID = 1;

        FromJson() {
            super(Money.class);
        }

        @Override
        public Money deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonToken token = in.currentToken();
            String text = in.getText();
            if ((token != JsonToken.VALUE_STRING && !token.isNumeric())
                    || !FORM.matcher(text).matches()) {
                return (Money) context.handleWeirdStringValue(
                        Money.class, text, "digits with at most two decimals, such as \"2500.00\"");
            }
            return parse(text);
        }
    }
}
