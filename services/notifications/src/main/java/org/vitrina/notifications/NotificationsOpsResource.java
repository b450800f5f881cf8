package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;
import org.vitrina.http.Page;
import org.vitrina.http.PathId;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;
import org.vitrina.messaging.Redriven;

/** For operators: does everything add up, dead letters taken up again, a user erased. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class NotificationsOpsResource {
    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final int MOST_EVENTS = 200;

    private final NotificationService notifications;
    private final NotificationsAudit audit;
    private final RequestDeadline deadline;

    NotificationsOpsResource(NotificationService notifications, NotificationsAudit audit, RequestDeadline deadline) {
        this.notifications = notifications;
        this.audit = audit;
        this.deadline = deadline;
    }

    @GET
    @Path("/audit")
    public Uni<NotificationsAuditReport> audit() {
        return deadline.bound(audit.report());
    }

    @GET
    @RolesAllowed({Roles.OPERATOR, Roles.SERVICE})
    @Path("/taken")
    public Uni<TakenEvents> taken(
            @Parameter(description = "1 to 200 ids of events with commas between", required = true)
                    @QueryParam("event_ids")
                    @Nullable
                    String eventIds) {
        return deadline.bound(notifications.taken(ids(eventIds)));
    }

    private static List<UUID> ids(@Nullable String text) {
        String[] ids = text == null ? new String[0] : text.split(",", MOST_EVENTS + 1);
        if (ids.length > 0 && ids.length <= MOST_EVENTS) {
            try {
                return Arrays.stream(ids).map(UUID::fromString).toList();
            } catch (IllegalArgumentException e) {
                // said below
            }
        }
        throw new ProblemException(
                ErrorCode.BAD_REQUEST, "event_ids are 1 to " + MOST_EVENTS + " UUIDs with commas between.");
    }

    @GET
    @RolesAllowed({Roles.OPERATOR, Roles.SERVICE})
    @Path("/orders/{id}")
    public Uni<OrderMessages> order(@PathParam("id") String id) {
        return deadline.bound(notifications.ofOrder(PathId.uuid("id", "an order", id)));
    }

    // Not bound to the request's deadline: those that are too old to be taken up again may be many, before the others.
    @POST
    @Path("/redrive")
    public Uni<Redriven> redrive(
            @Parameter(description = "How many at most, up to 1000; 100 if left out") @QueryParam("limit") @Nullable
                    String limit) {
        return notifications.redrive(Page.atMost(limit, USUAL, MOST));
    }

    // Not bound to the request's deadline: each of the user's messages is a question to the provider.
    @DELETE
    @Path("/users/{id}")
    public Uni<Erasure> erase(@PathParam("id") int userId) {
        return notifications.erase(userId);
    }
}
