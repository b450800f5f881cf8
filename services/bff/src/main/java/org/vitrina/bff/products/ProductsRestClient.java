package org.vitrina.bff.products;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The products service, but for what each page asks. */
@Path("/products/{id}")
@RegisterRestClient(configKey = "products")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface ProductsRestClient {
    @GET
    Uni<Response> product(@RestPath int id, @BeanParam CarriedHeaders headers);

    @PATCH
    @Consumes("application/merge-patch+json")
    Uni<Response> patch(
            @RestPath int id, @HeaderParam("If-Match") String version, byte[] patch, @BeanParam CarriedHeaders headers);
}
