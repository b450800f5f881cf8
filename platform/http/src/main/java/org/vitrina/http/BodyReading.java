package org.vitrina.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.http.Problems.Violation;

/**
 * Says what is wrong with a body that cannot be read, in the caller's words. It stands around the reading itself, so that
 * unreadable JSON from anywhere else stays our fault (500).
 */
@Provider
@ConstrainedTo(RuntimeType.SERVER)
class BodyReading implements ReaderInterceptor {
    @Override
    public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        try {
            return context.proceed();
        } catch (IOException | WebApplicationException e) {
            if (e instanceof JsonProcessingException json) {
                throw unreadable(json);
            }
            if (e.getCause() instanceof JsonProcessingException json) {
                throw unreadable(json);
            }
            throw e;
        }
    }

    static String tooLargeDetail(long limit) {
        return "The body is larger than " + limit + " bytes.";
    }

    private static BadInput unreadable(JsonProcessingException e) {
        if (e instanceof SizeLimits.Exceeded exceeded) {
            return new BadInput(
                    ErrorCode.VALIDATION,
                    ProblemMapper.INVALID,
                    List.of(new Violation(field(exceeded.getPath()), exceeded.getOriginalMessage())));
        }
        if (e instanceof MismatchedInputException mismatch
                && !mismatch.getPath().isEmpty()) {
            String field = field(mismatch.getPath());
            String message = expected(mismatch);
            return new BadInput(
                    ErrorCode.BAD_REQUEST,
                    "The body has a value of the wrong form: " + field + " " + message + ".",
                    List.of(new Violation(field, message)));
        }
        if (e instanceof JsonMappingException mapping) {
            String field = field(mapping.getPath());
            return new BadInput(
                    ErrorCode.BAD_REQUEST,
                    field.isEmpty()
                            ? "The body does not have the form that it must have."
                            : "The body has a value of the wrong form: " + field + ".",
                    field.isEmpty() ? List.of() : List.of(new Violation(field, "has the wrong form")));
        }
        return new BadInput(
                ErrorCode.BAD_REQUEST,
                e.getLocation() == null
                        ? "The body is not JSON."
                        : "The body is not JSON: see line " + e.getLocation().getLineNr() + ", column "
                                + e.getLocation().getColumnNr() + ".",
                List.of());
    }

    private static String field(List<JsonMappingException.Reference> path) {
        StringBuilder field = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            if (step.getFieldName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return field.toString();
    }

    private static String expected(MismatchedInputException mismatch) {
        Class<?> type = mismatch.getTargetType();
        if (type == null) {
            return "has the wrong form";
        }
        if (type == int.class || type == Integer.class) {
            return "must be an integer from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
        }
        if (type == long.class || type == Long.class || type == short.class || type == Short.class) {
            return "must be an integer";
        }
        if (Number.class.isAssignableFrom(type) || type == double.class || type == float.class) {
            return "must be a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "must be a string";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "must be an array";
        }
        if (type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (mismatch instanceof InvalidFormatException invalid && type.getName().startsWith("org.vitrina.")) {
            // our own types end Jackson's sentence with what they expect, after the quoted value
            String said = invalid.getOriginalMessage();
            int at = said.lastIndexOf("\": ");
            if (at >= 0) {
                return "must be " + said.substring(at + 3);
            }
        }
        if (type.isRecord() || Map.class.isAssignableFrom(type)) {
            return "must be an object";
        }
        return "has the wrong form";
    }
}
