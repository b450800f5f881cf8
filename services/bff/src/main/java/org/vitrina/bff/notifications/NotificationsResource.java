package org.vitrina.bff.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Queries;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.http.PerUser;
import org.vitrina.identity.OwnData;

/** {@code /notifications}: what the asking user was told, and what is still to be sent. */
@OwnData
@Path("/notifications")
@PerUser
@Produces(MediaType.APPLICATION_JSON)
public class NotificationsResource {
    private final NotificationsClient notifications;
    private final BffConfig config;
    private final CurrentUser currentUser;
    private final Scopes scopes;
    private final ResponseRelay relay;

    NotificationsResource(
            NotificationsClient notifications,
            BffConfig config,
            CurrentUser currentUser,
            Scopes scopes,
            ResponseRelay relay) {
        this.notifications = notifications;
        this.config = config;
        this.currentUser = currentUser;
        this.scopes = scopes;
        this.relay = relay;
    }

    @GET
    public Uni<RestResponse<byte[]>> list(@RestQuery("user_id") @Nullable String userId, @Context UriInfo asked) {
        int user = currentUser.user(userId);
        // user_id is for the link to the next page, which is asked of us
        var query = Queries.only(Set.of("limit", "before", "user_id"), asked);
        return relay.read("notifications", config.notifications(), notifications.list(scopes.open(), user, query));
    }
}
