package org.vitrina.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.jaxrs.ContainerRequestContextImpl;

/**
 * Answers HEAD for an event stream, after every other filter has let it through: by itself it would be served as GET is, and
 * would have no end.
 */
@Provider
@Priority(Priorities.USER + 1000)
class HeadOfStream implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getMethod().equals(HttpMethod.HEAD)
                && request instanceof ContainerRequestContextImpl quarkus
                && isStream(quarkus.getServerRequestContext())) {
            request.abortWith(
                    Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build());
        }
    }

    private static boolean isStream(Object context) {
        ServerMediaType produces =
                ((ResteasyReactiveRequestContext) context).getTarget().getProduces();
        return produces != null
                && produces.getSortedOriginalMediaTypes().length > 0
                && produces.getSortedOriginalMediaTypes()[0].isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE);
    }
}
