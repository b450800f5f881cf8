package org.vitrina.bff.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The wallet service, but for its debits. */
@Path("/users/{user}/wallet")
@RegisterRestClient(configKey = "wallet")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface WalletRestClient {
    @GET
    Uni<Response> balance(@RestPath int user, @BeanParam CarriedHeaders headers);

    @POST
    @Path("/top-ups")
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> topUp(
            @RestPath int user,
            @HeaderParam("Idempotency-Key") String key,
            byte[] amount,
            @BeanParam CarriedHeaders headers);
}
