package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.Page;
import org.vitrina.http.RequestDeadline;
import org.vitrina.messaging.Redriven;

/** For operators: does everything add up, and dead letters taken up again. */
@Path("/ops")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "ops")
class NotificationsOpsResource {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

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
    @Operation(operationId = "audit", summary = "Whether every event has exactly one end")
    @APIResponse(responseCode = "200", description = "Counts by state, and what is wrong")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<NotificationsAuditReport> audit() {
        return deadline.bound(audit.report());
    }

    @POST
    @Path("/redrive")
    @Operation(
            operationId = "redrive",
            summary = "Takes dead letters up again, oldest first",
            description = "Ask again until it answers 0. What the customer may have is asked of the provider first.")
    @APIResponse(responseCode = "200", description = "How many were taken up")
    @APIResponse(responseCode = "400", description = "limit is no positive number")
    @APIResponse(responseCode = "503", description = "Not now: the broker or the database is away")
    @APIResponse(responseCode = "504", description = "Not within the deadline; what was taken up stays so")
    public Uni<Redriven> redrive(
            @Parameter(description = "How many at most, up to 1000; 100 if left out") @QueryParam("limit") @Nullable
                    String limit) {
        return deadline.bound(notifications.redrive(Page.atMost(limit, USUAL, MOST)));
    }
}
