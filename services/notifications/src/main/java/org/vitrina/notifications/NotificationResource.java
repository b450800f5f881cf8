package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Page;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.OwnData;

/** Users' notifications over HTTP. */
@Path("/users/{id}/notifications")
@OwnData
@PerUser
@Produces(MediaType.APPLICATION_JSON)
class NotificationResource {
    private static final int USUAL = 20;
    private static final int MOST = 100;

    private final NotificationService notifications;
    private final RequestDeadline deadline;

    NotificationResource(NotificationService notifications, RequestDeadline deadline) {
        this.notifications = notifications;
        this.deadline = deadline;
    }

    @GET
    public Uni<RestResponse<List<Notification>>> list(
            @PathParam("id") int userId,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "100",
                                            defaultValue = "20"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = "Only older ones than the one of this notification_id")
                    @QueryParam("before")
                    @Nullable
                    String before,
            @Context UriInfo uri) {
        int most = Page.limit(limit, USUAL, MOST);
        UUID cursor = before == null ? null : uuid(before);
        // one more than is shown tells whether there is a next page
        return deadline.bound(notifications.of(userId, cursor, most + 1)).map(found -> Page.of(found, most)
                .answer(uri, "before", Notification::notificationId)
                .build());
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "before must be a notification_id.");
        }
    }
}
