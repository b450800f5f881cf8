package org.vitrina.model;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;

/** The metrics service: what the retraining needs of it. */
@Path("/metrics")
@RegisterRestClient(configKey = "metrics")
@RegisterProvider(EveryStatus.class)
interface MetricsRestClient {
    @GET
    @Path("/pairs")
    Uni<Response> pairs(@RestQuery int limit, @RestQuery long after, @BeanParam CarriedHeaders headers);
}
