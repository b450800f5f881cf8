package org.vitrina.http;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * Gives each line that is logged while a request is served its ids, of the request and of the trace, and one that is logged
 * for a message the trace's; a request that logs nothing pays nothing. It keeps no line back.
 */
@LoggingFilter(name = RequestLogFilter.NAME)
final class RequestLogFilter implements Filter {
    /** As it stands in the defaults of all services. */
    static final String NAME = "vitrina-request";

    private static final String TRACE = "trace.id";

    @Override
    public boolean isLoggable(LogRecord line) {
        if (line instanceof ExtLogRecord extended) {
            RequestState request = RequestState.current();
            if (request != null) {
                extended.putMdc(TRACE, request.traceId());
                extended.putMdc("http.request.id", request.requestId);
            } else if (TraceSpan.current().isRecording()) {
                extended.putMdc(TRACE, TraceSpan.current().traceId());
            }
        }
        return true;
    }
}
