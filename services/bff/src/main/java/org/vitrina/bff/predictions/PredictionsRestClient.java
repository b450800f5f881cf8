package org.vitrina.bff.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The predictions service. */
@Path("/")
@RegisterRestClient(configKey = "predictions")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface PredictionsRestClient {
    @GET
    @Path("/predictions/product/{id}")
    Uni<Response> ofProduct(
            @RestPath int id,
            @RestQuery MultivaluedMap<String, String> query,
            @HeaderParam("If-None-Match") @Nullable String known,
            @BeanParam CarriedHeaders headers);

    @GET
    @Path("/predictions/category/{id}")
    Uni<Response> ofCategory(
            @RestPath int id, @RestQuery MultivaluedMap<String, String> query, @BeanParam CarriedHeaders headers);

    @GET
    @Path("/users/{id}/score")
    Uni<Response> score(
            @RestPath int id, @RestQuery MultivaluedMap<String, String> query, @BeanParam CarriedHeaders headers);

    @GET
    @Path("/parameters/classifier/{id}")
    Uni<Response> classifier(
            @RestPath int id, @HeaderParam("If-None-Match") @Nullable String known, @BeanParam CarriedHeaders headers);

    @POST
    @Path("/predictions/requests")
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> ask(
            @RestQuery MultivaluedMap<String, String> query,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            byte[] features,
            @BeanParam CarriedHeaders headers);

    @GET
    @Path("/predictions/requests/{id}")
    Uni<Response> request(@RestPath UUID id, @BeanParam CarriedHeaders headers);
}
