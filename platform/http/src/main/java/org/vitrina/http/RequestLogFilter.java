package org.vitrina.http;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Gives each line that is logged while a request is served its ids, of the request and of the trace; a request that logs
 * nothing pays nothing. It keeps no line back.
 */
@LoggingFilter(name = RequestLogFilter.NAME)
final class RequestLogFilter implements Filter {
    /** As it stands in the defaults of all services. */
    static final String NAME = "vitrina-request";

    @Override
    public boolean isLoggable(LogRecord line) {
        RequestState request = RequestState.current();
        if (request != null && line instanceof ExtLogRecord extended) {
            extended.putMdc("trace.id", request.traceId());
            extended.putMdc("http.request.id", request.requestId);
        }
        return true;
    }
}
