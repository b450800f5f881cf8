package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;
import org.vitrina.client.EveryStatus;

/** The SMS provider's API. */
@Path("/sms")
@RegisterRestClient(configKey = "sms-gateway")
@RegisterProvider(EveryStatus.class)
interface SmsGatewayRestClient {
    /** A message, with a reference of ours by which it can be asked for. */
    record Sms(String to, String text, UUID clientRef) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> send(@HeaderParam("Idempotency-Key") UUID key, Sms message);

    @GET
    Uni<Response> find(@RestQuery("client_ref") UUID reference);

    @DELETE
    Uni<Response> erase(@RestQuery("client_ref") UUID reference);
}
