package org.vitrina.wallet;

import io.smallrye.mutiny.Uni;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;

/** Users' wallets over HTTP. */
@Path("/users/{id}/wallet")
@PerUser
@Tag(name = "wallet")
class WalletResource {
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
    @Operation(operationId = "wallet", summary = "What the user can spend; every user has a wallet, empty at first")
    @APIResponse(responseCode = "200", description = "The balance")
    @APIResponse(responseCode = "400", description = "No user id")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Wallet> wallet(@PathParam("id") int userId) {
        return deadline.bound(wallets.of(userId));
    }

    @POST
    @Path("/top-ups")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "topUp",
            summary = "Pays in, once for each key however often it is asked",
            description = "The key is Idempotency-Key, else request_id, else X-Request-Id; one of them must be there.")
    @APIResponse(
            responseCode = "201",
            description = "It was paid in now",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = ToppedUp.class)))
    @APIResponse(
            responseCode = "200",
            description = "It had been paid in for this key; the balance is that of then",
            headers =
                    @Header(
                            name = IdempotencyKey.REPLAYED,
                            description = "true",
                            schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = ToppedUp.class)))
    @APIResponse(responseCode = "400", description = "No user id, no key, or no amount of money above zero")
    @APIResponse(
            responseCode = "409",
            description = "The wallet would hold too much (wallet-full), or the same request is being served")
    @APIResponse(responseCode = "415", description = "The body is no JSON")
    @APIResponse(responseCode = "422", description = "The key was used for another amount")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: repeat it with the same key")
    public Uni<RestResponse<ToppedUp>> topUp(
            @PathParam("id") int userId,
            @Parameter(
                            description = "A name of the caller's for this top-up.",
                            schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam(IdempotencyKey.HEADER)
                    List<String> keyHeader,
            @Parameter(
                            description = "The same for callers without headers.",
                            schema = @Schema(type = SchemaType.STRING))
                    @QueryParam(IdempotencyKey.PARAMETER)
                    List<String> keyParameter,
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

    @PUT
    @Path("/debits/{order_id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "debit", summary = "Takes an order's money, once however often it is asked")
    @APIResponse(
            responseCode = "201",
            description = "It was taken now",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Debit.class)))
    @APIResponse(
            responseCode = "200",
            description = "It had been taken",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Debit.class)))
    @APIResponse(responseCode = "400", description = "No user id, no order id (a UUID), or no amount of money")
    @APIResponse(responseCode = "402", description = "There is too little in the wallet; nothing was taken")
    @APIResponse(
            responseCode = "409",
            description = "The order took another amount (debit-differs), or was cancelled (cancelled)")
    @APIResponse(responseCode = "415", description = "The body is no JSON")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: repeat it")
    public Uni<RestResponse<Debit>> debit(
            @PathParam("id") int userId, @PathParam("order_id") UUID orderId, @NotNull @Valid Amount amount) {
        return deadline.bound(wallets.debit(userId, orderId, amount.amount()))
                .map(now -> RestResponse.ResponseBuilder.create(
                                now ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                                new Debit(orderId, amount.amount()))
                        .build());
    }

    @DELETE
    @Path("/debits/{order_id}")
    @Operation(
            operationId = "cancelDebit",
            summary = "Gives an order's money back, once however often it is asked",
            description = "An order that has taken none yet cannot take any afterwards.")
    @APIResponse(responseCode = "204", description = "The money is in the wallet")
    @APIResponse(responseCode = "400", description = "No user id or no order id (a UUID)")
    @APIResponse(responseCode = "409", description = "The order took from another wallet (debit-differs)")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: repeat it")
    public Uni<Void> cancelDebit(@PathParam("id") int userId, @PathParam("order_id") UUID orderId) {
        return deadline.bound(wallets.cancelDebit(userId, orderId));
    }
}
