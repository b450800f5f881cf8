package org.vitrina.model;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;

/** The predictions service: what the retraining needs of it. */
@Path("/parameters/classifier")
@RegisterRestClient(configKey = "predictions")
@RegisterProvider(EveryStatus.class)
interface PredictionsRestClient {
    @GET
    @Path("/{id}")
    Uni<Response> classifier(@RestPath int id, @BeanParam CarriedHeaders headers);
}
