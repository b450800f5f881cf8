package org.vitrina.bff.cart;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The cart service, but for what each page asks. */
@Path("/users/{user}/cart")
@RegisterRestClient(configKey = "cart")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface CartRestClient {
    @GET
    Uni<Response> list(@RestPath int user, @BeanParam CarriedHeaders headers);

    @PUT
    @Path("/{product}")
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> put(@RestPath int user, @RestPath int product, byte[] line, @BeanParam CarriedHeaders headers);

    @DELETE
    @Path("/{product}")
    Uni<Response> delete(@RestPath int user, @RestPath int product, @BeanParam CarriedHeaders headers);

    @DELETE
    Uni<Response> clear(@RestPath int user, @BeanParam CarriedHeaders headers);
}
