package org.vitrina.http;

import jakarta.ws.rs.WebApplicationException;
import java.util.List;
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

    BadInput(ErrorCode code, String detail, List<Violation> violations) {
        super(detail, code.status());
        this.code = code;
        this.detail = detail;
        this.violations = List.copyOf(violations);
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

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
