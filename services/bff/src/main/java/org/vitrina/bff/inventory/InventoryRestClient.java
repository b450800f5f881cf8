package org.vitrina.bff.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The inventory service, but for what each page asks. */
@Path("/products/{id}")
@RegisterRestClient(configKey = "inventory")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface InventoryRestClient {
    @GET
    @Path("/stock")
    Uni<Response> stock(@RestPath int id, @BeanParam CarriedHeaders headers);

    @PUT
    @Path("/inventory")
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> setOnHand(
            @RestPath int id,
            @HeaderParam("If-Match") @Nullable String seen,
            byte[] onHand,
            @BeanParam CarriedHeaders headers);
}
