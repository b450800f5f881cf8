package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.http.RequestDeadline;

/** Reservations over HTTP, for orders. */
@Path("/reservations/{order_id}")
@Tag(name = "reservations")
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
    @Operation(
            operationId = "reserve",
            summary = "Keeps stock for an order: all or nothing, once however often it is asked",
            description = "It ends 15 minutes later unless it is committed.")
    @APIResponse(
            responseCode = "201",
            description = "It is kept now",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Reservation.class)))
    @APIResponse(
            responseCode = "200",
            description = "It is kept",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Reservation.class)))
    @APIResponse(
            responseCode = "400",
            description = "No order id (a UUID), or not 1 to 100 items with their quantities")
    @APIResponse(
            responseCode = "409",
            description = "Too little is there (out-of-stock, product_ids names of what), the order has reserved"
                    + " something else (reservation-differs) or was cancelled (cancelled), or inventory is simulated")
    @APIResponse(responseCode = "415", description = "The body is no JSON")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: repeat it")
    public Uni<RestResponse<Reservation>> reserve(@PathParam("order_id") UUID orderId, @NotNull @Valid Items wanted) {
        Items items = wanted.normalised();
        return deadline.bound(reservations.reserve(orderId, items)).map(now -> RestResponse.ResponseBuilder.create(
                        now ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                        new Reservation(orderId, items.items()))
                .build());
    }

    @POST
    @Path("/commit")
    @Operation(
            operationId = "commitReservation",
            summary = "Lets what is kept for an order go out of the warehouse, once however often it is asked",
            description = "Levels stay as they are. An expired reservation is made again if there is stock.")
    @APIResponse(responseCode = "204", description = "It is the order's for good")
    @APIResponse(responseCode = "400", description = "No order id (a UUID)")
    @APIResponse(
            responseCode = "409",
            description = "It expired and the stock is sold (reservation-gone), was cancelled (cancelled) or never was"
                    + " (reservation-unknown), or inventory is simulated")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: repeat it")
    public Uni<Void> commit(@PathParam("order_id") UUID orderId) {
        return deadline.bound(reservations.commit(orderId));
    }

    @DELETE
    @Operation(
            operationId = "release",
            summary = "Puts back what is kept for an order, committed or not, once however often it is asked",
            description = "An order that has reserved nothing yet cannot reserve afterwards.")
    @APIResponse(responseCode = "204", description = "Nothing is kept for it")
    @APIResponse(responseCode = "400", description = "No order id (a UUID)")
    @APIResponse(responseCode = "409", description = "Inventory is simulated")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: repeat it")
    public Uni<Void> release(@PathParam("order_id") UUID orderId) {
        return deadline.bound(reservations.release(orderId));
    }
}
