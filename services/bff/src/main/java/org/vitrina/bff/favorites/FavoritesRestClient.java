package org.vitrina.bff.favorites;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestPath;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.EveryStatus;
import org.vitrina.client.ReleaseRoute;

/** The favorites service, but for what each page asks. */
@Path("/users/{user}/favorites")
@RegisterRestClient(configKey = "favorites")
@RegisterProvider(EveryStatus.class)
@RegisterProvider(ReleaseRoute.class)
interface FavoritesRestClient {
    @GET
    Uni<Response> list(@RestPath int user, @BeanParam CarriedHeaders headers);

    @PUT
    @Path("/{product}")
    Uni<Response> put(@RestPath int user, @RestPath int product, @BeanParam CarriedHeaders headers);

    @DELETE
    @Path("/{product}")
    Uni<Response> delete(@RestPath int user, @RestPath int product, @BeanParam CarriedHeaders headers);
}
