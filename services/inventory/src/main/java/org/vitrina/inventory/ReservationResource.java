package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;

/** Reservations over HTTP, for orders. */
@Path("/reservations/{order_id}")
@RolesAllowed(Roles.SERVICE)
class ReservationResource {
    private final ReservationService reservations;
    private final RequestDeadline deadline;

    ReservationResource(ReservationService reservations, RequestDeadline deadline) {
        this.reservations = reservations;
        this.deadline = deadline;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Reservation>> reserve(@PathParam("order_id") UUID orderId, @NotNull @Valid Items wanted) {
        Items items = wanted.normalised();
        return deadline.bound(reservations.reserve(orderId, items)).map(now -> RestResponse.ResponseBuilder.create(
                        now ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                        new Reservation(orderId, items.items()))
                .build());
    }

    @POST
    @Path("/commit")
    public Uni<Void> commit(@PathParam("order_id") UUID orderId) {
        return deadline.bound(reservations.commit(orderId));
    }

    @DELETE
    public Uni<Void> release(@PathParam("order_id") UUID orderId) {
        return deadline.bound(reservations.release(orderId));
    }
}
