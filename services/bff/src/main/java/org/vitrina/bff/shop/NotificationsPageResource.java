package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.vitrina.bff.notifications.NotificationsClient;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.identity.OwnData;

/** {@code /shop/notifications}: what the shop has told the user, and what it is about to. */
@OwnData
@Path("/shop/notifications")
@Produces(PageGate.HTML)
public class NotificationsPageResource {
    private final NotificationsClient notifications;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    NotificationsPageResource(NotificationsClient notifications, Pages pages, Visits visits, Scopes scopes) {
        this.notifications = notifications;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    /** Something that the user was told, or is to be. */
    public record Told(String text, String state, String at, String order) {
        public String shortOrder() {
            return OrderReads.shortId(order);
        }
    }

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> notifications() {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> content = notifications
                .list(scope, visit.user(), new MultivaluedHashMap<>())
                .map(reply -> told(reply, visit))
                .map(all -> visit.render(Templates.notifications(all)));
        return pages.page(visit, scope, visit.words().notifications(), "notifications", content);
    }

    private static List<Told> told(Reply reply, Visit visit) {
        return Replies.objects("notifications", reply).stream()
                .map(told -> new Told(
                        told.getString("text", ""),
                        state(told.getString("state", ""), visit.words()),
                        Formats.time(told.getString("sent_at", told.getString("created_at")), visit),
                        told.getString("order_id", "")))
                .toList();
    }

    private static String state(String state, Messages words) {
        return switch (state) {
            case "sent" -> words.noteSent();
            case "received", "sending" -> words.noteSending();
            case "no-phone" -> words.noteNoPhone();
            case "suppressed" -> words.noteSuppressed();
            case "dead" -> words.noteDead();
            default -> state;
        };
    }
}
