package org.vitrina.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;

/** Says in the answer that the caller's own deadline cut it short: an error, or a batch that lacks something. */
@Provider
class CutShortFilter implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        RequestState state = RequestState.current();
        if (state != null && state.isCutShort()) {
            response.getHeaders().putSingle(RequestDeadline.EXCEEDED, "true");
        }
    }
}
