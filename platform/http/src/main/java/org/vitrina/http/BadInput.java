package org.vitrina.http;

import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Map;
import org.vitrina.core.ErrorCode;
import org.vitrina.http.Problems.Violation;

/**
 * Input that cannot be read. A {@link WebApplicationException} only because Jakarta REST lets nothing else through from
 * where parameters and bodies are read.
 */
final class BadInput extends WebApplicationException {
    private static final long serialVersionUID = 1;

    private final transient ErrorCode code;
    private final transient String detail;
    private final transient List<Violation> violations;
    private final transient Map<String, String> headers;

    BadInput(ErrorCode code, String detail, List<Violation> violations) {
        this(code, detail, violations, Map.of());
    }

    BadInput(ErrorCode code, String detail, List<Violation> violations, Map<String, String> headers) {
        super(detail, code.status());
        this.code = code;
        this.detail = detail;
        this.violations = List.copyOf(violations);
        this.headers = Map.copyOf(headers);
    }

    ErrorCode code() {
        return code;
    }

    String detail() {
        return detail;
    }

    List<Violation> violations() {
        return violations;
    }

    Map<String, String> headers() {
        return headers;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
