package org.vitrina.bff.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The notifications service. */
@Path("/users/{user}/notifications")
@RegisterRestClient(configKey = "notifications")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface NotificationsRestClient {
    @GET
    Uni<Response> list(
            @RestPath int user, @RestQuery MultivaluedMap<String, String> query, @BeanParam CarriedHeaders headers);
}
