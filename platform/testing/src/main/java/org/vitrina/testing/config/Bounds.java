package org.vitrina.testing.config;

import jakarta.validation.Constraint;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * What a value must keep to.
 *
 * @param lower the least number or duration; null: none
 * @param upper the largest one; null: none
 * @param other the constraints that are no range, by name; empty: none
 */
record Bounds(@Nullable Object lower, @Nullable Object upper, String other) {
    private static final String RANGE = "..";

    /** As the annotations of {@code method} say, and those of what its {@code Optional} holds. */
    static Bounds declaredFor(Method method) {
        Stream<Annotation> ofContent = method.getAnnotatedReturnType() instanceof AnnotatedParameterizedType type
                ? Stream.of(type.getAnnotatedActualTypeArguments())
                        .flatMap(argument -> Stream.of(argument.getAnnotations()))
                : Stream.of();
        return Stream.concat(Stream.of(method.getAnnotations()), ofContent)
                .filter(annotation -> annotation.annotationType().isAnnotationPresent(Constraint.class))
                .reduce(new Bounds(null, null, ""), Bounds::with, (one, other) -> one);
    }

    private Bounds with(Annotation constraint) {
        return switch (constraint) {
            case Min min -> new Bounds(number(Long.toString(min.value())), upper, other);
            case DecimalMin min -> new Bounds(number(min.value()), upper, other);
            case DurationMin min ->
                new Bounds(
                        duration(min.days(), min.hours(), min.minutes(), min.seconds(), min.millis(), min.nanos()),
                        upper,
                        other);
            case Max max -> new Bounds(lower, number(Long.toString(max.value())), other);
            case DecimalMax max -> new Bounds(lower, number(max.value()), other);
            case DurationMax max ->
                new Bounds(
                        lower,
                        duration(max.days(), max.hours(), max.minutes(), max.seconds(), max.millis(), max.nanos()),
                        other);
            default ->
                new Bounds(
                        lower, upper, (other + " " + constraint.annotationType().getSimpleName()).strip());
        };
    }

    /** As {@code text} says: {@code 1..10}, {@code 1s..}, or the name of a constraint. */
    static Bounds recorded(String text, Function<String, Object> read) {
        int range = text.indexOf(RANGE);
        if (range < 0) {
            return new Bounds(null, null, text);
        }
        String lower = text.substring(0, range);
        String upper = text.substring(range + RANGE.length());
        return new Bounds(lower.isEmpty() ? null : read.apply(lower), upper.isEmpty() ? null : read.apply(upper), "");
    }

    static BigDecimal number(String text) {
        return new BigDecimal(text).stripTrailingZeros();
    }

    private static Duration duration(long days, long hours, long minutes, long seconds, long millis, long nanos) {
        return Duration.ofDays(days)
                .plusHours(hours)
                .plusMinutes(minutes)
                .plusSeconds(seconds)
                .plusMillis(millis)
                .plusNanos(nanos);
    }

    /** The value that is one further than {@code bound}, or a millisecond. */
    static @Nullable String next(@Nullable Object bound, int step) {
        return switch (bound) {
            case null -> null;
            case Duration duration -> duration.plusMillis(step).toString();
            default -> ((BigDecimal) bound).add(BigDecimal.valueOf(step)).toPlainString();
        };
    }
}
