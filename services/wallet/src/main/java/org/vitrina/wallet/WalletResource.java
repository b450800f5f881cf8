package org.vitrina.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.OwnData;
import org.vitrina.identity.Roles;

/** Users' wallets over HTTP. */
@Path("/users/{id}/wallet")
@OwnData
@PerUser
class WalletResource {
    /** The owner may where {@code vitrina.wallet.demo-top-up} says so. */
    private static final String TOP_UP_ROLE = "${top-up.role.${vitrina.wallet.demo-top-up:false}}";

    private final WalletService wallets;
    private final RequestDeadline deadline;
    private final RequestIds ids;

    WalletResource(WalletService wallets, RequestDeadline deadline, RequestIds ids) {
        this.wallets = wallets;
        this.deadline = deadline;
        this.ids = ids;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Wallet> wallet(@PathParam("id") int userId) {
        return deadline.bound(wallets.of(userId));
    }

    @RolesAllowed({Roles.SERVICE, Roles.ADMIN, TOP_UP_ROLE})
    @POST
    @Path("/top-ups")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<ToppedUp>> topUp(
            @PathParam("id") int userId,
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @QueryParam(IdempotencyKey.PARAMETER) List<String> keyParameter,
            @NotNull @Valid Amount amount) {
        IdempotencyKey key = IdempotencyKey.of(keyHeader, keyParameter, ids);
        return deadline.bound(wallets.topUp(userId, key, amount.amount()))
                .map(done -> done.replayed()
                        ? RestResponse.ResponseBuilder.ok(done)
                                .header(IdempotencyKey.REPLAYED, true)
                                .build()
                        : RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, done)
                                .build());
    }

    @RolesAllowed(Roles.SERVICE)
    @PUT
    @Path("/debits/{order_id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Debit>> debit(
            @PathParam("id") int userId, @PathParam("order_id") UUID orderId, @NotNull @Valid Amount amount) {
        return deadline.bound(wallets.debit(userId, orderId, amount.amount()))
                .map(now -> RestResponse.ResponseBuilder.create(
                                now ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                                new Debit(orderId, amount.amount()))
                        .build());
    }

    @RolesAllowed(Roles.SERVICE)
    @DELETE
    @Path("/debits/{order_id}")
    public Uni<Void> cancelDebit(@PathParam("id") int userId, @PathParam("order_id") UUID orderId) {
        return deadline.bound(wallets.cancelDebit(userId, orderId));
    }
}
