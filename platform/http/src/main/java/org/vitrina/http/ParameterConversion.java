package org.vitrina.http;

import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;

/**
 * Makes a path or query parameter of the wrong form a 400 that names it, where Jakarta REST would answer 404: an {@code
 * int} or {@code long} in the path must be a positive integer (all our ids are), one in the query any integer, an enum
 * one of its names in lower or upper case, a {@code boolean} {@code true} or {@code false}, a {@link UUID} its 36
 * characters.
 */
@Provider
class ParameterConversion implements ParamConverterProvider {
    /** {@link UUID#fromString} would also take {@code 1-1-1-1-1}. */
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable ParamConverter<T> getConverter(
            Class<T> rawType, @Nullable Type genericType, Annotation @Nullable [] annotations) {
        String name = "A parameter";
        boolean inPath = false;
        if (annotations != null) {
            for (Annotation annotation : annotations) {
                if (annotation instanceof PathParam path) {
                    name = path.value();
                    inPath = true;
                } else if (annotation instanceof QueryParam query) {
                    name = query.value();
                }
            }
        }
        long lowest = inPath ? 1 : Long.MIN_VALUE;
        if (rawType == int.class || rawType == Integer.class) {
            String what = name;
            long from = Math.max(lowest, Integer.MIN_VALUE);
            return (ParamConverter<T>) new Converter<>(text -> (int) integer(what, text, from, Integer.MAX_VALUE));
        }
        if (rawType == long.class || rawType == Long.class) {
            String what = name;
            return (ParamConverter<T>) new Converter<>(text -> integer(what, text, lowest, Long.MAX_VALUE));
        }
        if (rawType == boolean.class || rawType == Boolean.class) {
            String what = name;
            return (ParamConverter<T>) new Converter<>(text -> truth(what, text));
        }
        if (rawType == UUID.class) {
            String what = name;
            return (ParamConverter<T>) new Converter<>(text -> uuid(what, text));
        }
        if (rawType.isEnum()) {
            String what = name;
            T[] constants = rawType.getEnumConstants();
            return new Converter<>(text -> constant(what, constants, text));
        }
        return null;
    }

    private static long integer(String name, String text, long from, long to) {
        try {
            long number = Long.parseLong(text);
            if (number >= from && number <= to && isAscii(text)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw bad(name + (from == 1 ? " must be an integer from 1 to " + to + "." : " must be an integer."));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80) && !text.startsWith("+");
    }

    private static boolean truth(String name, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(name + " must be true or false.");
        };
    }

    private static UUID uuid(String name, String text) {
        if (!UUID_FORM.matcher(text).matches()) {
            throw bad(name + " must be a UUID, such as 0190b5a4-7c1e-7d3a-8f00-5b7a0c9d1e2f.");
        }
        return UUID.fromString(text);
    }

    private static <T> T constant(String name, T[] constants, String text) {
        for (T constant : constants) {
            if (((Enum<?>) constant).name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw bad(name + " must be one of "
                + Arrays.stream(constants)
                        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))
                + ".");
    }

    private static BadInput bad(String detail) {
        return new BadInput(ErrorCode.BAD_REQUEST, detail, List.of());
    }

    /** Text to value; an absent parameter stays absent. */
    private record Converter<T>(Function<String, T> parse) implements ParamConverter<T> {
        @Override
        @SuppressWarnings("NullAway") // null in, null out: an absent parameter
        public T fromString(@Nullable String value) {
            return value == null ? null : parse.apply(value);
        }

        @Override
        public String toString(T value) {
            return String.valueOf(value);
        }
    }
}
