package org.vitrina.http;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** {@code Allow} of an answer to OPTIONS names the methods of the path that was asked, not those of all paths of its class. */
@Provider
class KnownMethodsFilter implements ContainerResponseFilter {
    private final DescribedRoutes routes;

    KnownMethodsFilter(DescribedRoutes routes) {
        this.routes = routes;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getMethod().equals(HttpMethod.OPTIONS)
                && response.getHeaders().containsKey(HttpHeaders.ALLOW)) {
            response.getHeaders()
                    .putSingle(
                            HttpHeaders.ALLOW,
                            routes.methods(request.getUriInfo().getRequestUri().getPath()));
        }
    }
}
