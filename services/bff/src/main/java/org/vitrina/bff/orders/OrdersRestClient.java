package org.vitrina.bff.orders;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The orders service, but for its event streams. */
@Path("/")
@RegisterRestClient(configKey = "orders")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface OrdersRestClient {
    String ALL = "/api/v1/orders/";

    /** For operators. */
    @GET
    @Path("/ops/orders/{id}")
    Uni<Response> history(@RestPath String id, @BeanParam CarriedHeaders headers);

    @GET
    @Path(ALL)
    Uni<Response> list(@RestQuery MultivaluedMap<String, String> query, @BeanParam CarriedHeaders headers);

    @GET
    @Path(ALL + "{id}")
    Uni<Response> order(@RestPath String id, @RestQuery("user_id") int user, @BeanParam CarriedHeaders headers);

    @POST
    @Path(ALL)
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> place(
            @RestQuery("user_id") int user,
            @HeaderParam("Idempotency-Key") String key,
            @HeaderParam("If-Match") @Nullable String versions,
            byte[] order,
            @BeanParam CarriedHeaders headers);

    @DELETE
    @Path(ALL + "{id}/")
    Uni<Response> cancel(
            @RestPath String id,
            @RestQuery("user_id") int user,
            @HeaderParam("If-Match") @Nullable String versions,
            @BeanParam CarriedHeaders headers);
}
