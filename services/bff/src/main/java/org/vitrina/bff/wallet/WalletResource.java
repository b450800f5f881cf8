package org.vitrina.bff.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
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
import org.vitrina.identity.OwnData;

/** {@code /wallet}: the asking user's money. Debits are for orders alone and not to be had here. */
@OwnData
@Path("/wallet")
@PerUser
@Produces(MediaType.APPLICATION_JSON)
public class WalletResource {
    private final WalletClient wallet;
    private final BffConfig config;
    private final CurrentUser currentUser;
    private final Scopes scopes;
    private final ResponseRelay relay;
    private final RequestIds ids;

    WalletResource(
            WalletClient wallet,
            BffConfig config,
            CurrentUser currentUser,
            Scopes scopes,
            ResponseRelay relay,
            RequestIds ids) {
        this.wallet = wallet;
        this.config = config;
        this.currentUser = currentUser;
        this.scopes = scopes;
        this.relay = relay;
        this.ids = ids;
    }

    @GET
    public Uni<RestResponse<byte[]>> balance(@RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        return relay.read("wallet", config.wallet(), wallet.balance(scopes.open(), user));
    }

    @POST
    @Path("/top-ups")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> topUp(
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @RestQuery(IdempotencyKey.PARAMETER) List<String> keyParameter,
            @RestQuery("user_id") @Nullable String userId,
            byte[] amount) {
        int user = currentUser.user(userId);
        String key = IdempotencyKey.of(keyHeader, keyParameter, ids).asSent();
        return relay.write("wallet", config.wallet(), wallet.topUp(scopes.open(), user, key, amount));
    }
}
