package org.vitrina.bff.wallet;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestIds;

/** {@code /wallet}: the asking user's money. Debits are for orders alone and not to be had here. */
@Path("/wallet")
@PerUser
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(responseCode = "400", description = "The user id, key or body is not valid")
@APIResponse(responseCode = "503", description = "The wallet's circuit is open, or overloaded; see Retry-After")
public class WalletResource {
    private final WalletClient wallet;
    private final BffConfig config;
    private final CurrentUser currentUser;
    private final Scopes scopes;
    private final ResponseRelay relay;
    private final RequestIds ids;

    WalletResource(WalletClient wallet, BffConfig config, CurrentUser currentUser, Scopes scopes, ResponseRelay relay, RequestIds ids) {
        this.wallet = wallet;
        this.config = config;
        this.currentUser = currentUser;
        this.scopes = scopes;
        this.relay = relay;
        this.ids = ids;
    }

    @GET
    @Operation(summary = "The balance")
    @APIResponse(responseCode = "200", description = "{balance, currency}")
    @APIResponse(responseCode = "500", description = "The wallet failed")
    @APIResponse(responseCode = "504", description = "The wallet did not answer in time")
    public Uni<RestResponse<byte[]>> balance(@RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        return scopes.run(scope -> relay.read(
                "wallet",
                config.wallet(),
                wallet.balance(scope.within(config.wallet().timeout()), user)));
    }

    @POST
    @Path("/top-ups")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds money, once a key")
    @APIResponse(responseCode = "201", description = "{balance}")
    @APIResponse(responseCode = "403", description = "This user may not add money")
    @APIResponse(responseCode = "422", description = "The key was used for another amount")
    @APIResponse(responseCode = "504", description = "outcome-unknown: repeat with the same key")
    public Uni<RestResponse<byte[]>> topUp(
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @RestQuery(IdempotencyKey.PARAMETER) List<String> keyParameter,
            @RestQuery("user_id") @Nullable String userId,
            byte[] amount) {
        int user = currentUser.user(userId);
        String key = IdempotencyKey.of(keyHeader, keyParameter, ids).value();
        return scopes.run(scope -> relay.write(
                "wallet",
                config.wallet(),
                wallet.topUp(scope.within(config.wallet().timeout()), user, key, Buffer.buffer(amount))));
    }
}
