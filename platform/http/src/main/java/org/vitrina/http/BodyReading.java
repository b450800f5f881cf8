package org.vitrina.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.vertx.VertxInputStream;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.http.Problems.Violation;

/**
 * Says what is wrong with a body that cannot be read, in the caller's words. It stands around the reading itself, so that
 * unreadable JSON from anywhere else stays our fault (500).
 *
 * <p>A body that does not tell its length is counted here too: one that is not buffered yet still comes from the
 * connection.
 */
@Provider
@ConstrainedTo(RuntimeType.SERVER)
class BodyReading implements ReaderInterceptor {
    // Jakarta REST makes its providers before the run-time configuration is there.
    private final Instance<HttpConfig> config;

    @Inject
    BodyReading(Instance<HttpConfig> config) {
        this.config = config;
    }

    @Override
    public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        CountedBody body = null;
        if (context.getInputStream() instanceof VertxInputStream connection) {
            body = new CountedBody(connection, config.get().maxBody().asLongValue());
            context.setInputStream(body);
        }
        try {
            return context.proceed();
        } catch (IOException | WebApplicationException e) {
            if (body != null && body.exceeded()) {
                throw tooLarge(body.drop(config.get().maxDroppedBody().asLongValue()));
            }
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

    private BadInput tooLarge(boolean readToItsEnd) {
        return new BadInput(
                ErrorCode.BODY_TOO_LARGE,
                tooLargeDetail(config.get().maxBody().asLongValue()),
                List.of(),
                readToItsEnd ? Map.of() : Map.of("Connection", "close"));
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

    /** A body that comes from the connection while it is read; it fails once more than the limit has come. */
    private static final class CountedBody extends FilterInputStream {
        private final long limit;
        private long count;

        CountedBody(InputStream connection, long limit) {
            super(connection);
            this.limit = limit;
        }

        boolean exceeded() {
            return count > limit;
        }

        /** Reads on without keeping anything; true when the end comes within {@code most} bytes of the body. */
        boolean drop(long most) throws IOException {
            byte[] dropped = new byte[8192];
            while (count <= most) {
                int read = in.read(dropped);
                if (read < 0) {
                    return true;
                }
                count += read;
            }
            return false;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = in.read(into, offset, length);
            if (read > 0) {
                count += read;
                if (exceeded()) {
                    throw new IOException("body over its limit");
                }
            }
            return read;
        }
    }
}
