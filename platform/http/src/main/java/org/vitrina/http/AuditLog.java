package org.vitrina.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.jboss.logging.Logger;
import org.vitrina.identity.CurrentCaller;

/**
 * A line for each change that a caller made, where callers are known: who did what, and the trace id that leads to the rest.
 * Of what was sent it has the path alone, as it came, and so no token, phone number or address.
 */
@Provider
class AuditLog implements ContainerResponseFilter {
    private static final Logger LOG = Logger.getLogger("org.vitrina.audit");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final CurrentCaller callers;

    AuditLog(CurrentCaller callers) {
        this.callers = callers;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!callers.authenticates() || response.getStatus() >= 400 || READS.contains(request.getMethod())) {
            return;
        }
        RequestState state = RequestState.current();
        LOG.infof(
                "%s: %s %s: %d [%s]",
                callers.actor(),
                request.getMethod(),
                request.getUriInfo().getRequestUri().getRawPath(),
                response.getStatus(),
                state == null ? "" : state.traceId());
    }
}
