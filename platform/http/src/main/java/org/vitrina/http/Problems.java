package org.vitrina.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.vitrina.core.ErrorCode;

/**
 * Writes problems (RFC 9457) as JSON: the one place that knows their members, for answers that leave from Jakarta REST
 * and for those that leave before it.
 */
@Singleton
class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    /** One thing that is wrong with the input: the field as the caller writes it, and what it must be. */
    record Violation(String field, String message) {}

    private final ObjectMapper json;
    private final boolean errorMember;

    Problems(ObjectMapper json, HttpConfig config) {
        this.json = json;
        this.errorMember = config.problemErrorMember();
    }

    /**
     * @param instance the path that was asked for, as the caller wrote it
     * @param extra further members, written by Jackson
     */
    String json(
            ErrorCode code,
            String detail,
            String instance,
            String traceId,
            List<Violation> violations,
            Map<String, Object> extra) {
        StringBuilder out = new StringBuilder(256);
        out.append("{\"type\":\"urn:vitrina:problem:").append(code.slug()).append("\",\"title\":");
        string(out, code.title());
        out.append(",\"status\":").append(code.status());
        member(out, "detail", detail);
        member(out, "instance", Forwarded.current().prefix() + instance);
        member(out, "trace_id", traceId);
        if (errorMember) {
            member(out, "error", detail);
        }
        if (!violations.isEmpty()) {
            out.append(",\"violations\":[");
            for (int i = 0; i < violations.size(); i++) {
                Violation violation = violations.get(i);
                out.append(i == 0 ? "{\"field\":" : ",{\"field\":");
                string(out, violation.field());
                member(out, "message", violation.message());
                out.append('}');
            }
            out.append(']');
        }
        extra.forEach((name, value) -> {
            out.append(',');
            string(out, name);
            out.append(':').append(written(value));
        });
        return out.append('}').toString();
    }

    /** The path of a request, without its query, which may hold what no log or answer should repeat. */
    static String instance(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "/" : path;
    }

    private String written(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a problem's member cannot be written as JSON", e);
        }
    }

    private static void member(StringBuilder out, String name, String value) {
        out.append(",\"").append(name).append("\":");
        string(out, value);
    }

    private static void string(StringBuilder out, String value) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, out);
        out.append('"');
    }

    /** A text as it stands between quotation marks. */
    static String quoted(String value) {
        var out = new StringBuilder(value.length() + 16);
        JsonStringEncoder.getInstance().quoteAsString(value, out);
        return out.toString();
    }
}
