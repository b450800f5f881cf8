package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.ops.FaultSchedule;
import org.vitrina.bff.ops.FaultSwitches;
import org.vitrina.bff.ops.LiveStream;
import org.vitrina.bff.ops.ResilienceHistory;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.Roles;

/** {@code /ops}: the resilience page for people, and the forms by which a visitor tries faults. */
@RolesAllowed(Roles.OPERATOR)
@Path("/ops")
@Produces(PageGate.HTML)
public class BffOpsResource {
    private static final String PATH = "/ops";
    private static final String LIVE = "/live";

    /** The page's own fault in a service: the next one takes its place. */
    private static final String FAULT = "page";

    private static final int LONGEST_SECONDS = 600;

    private final ResilienceHistory history;
    private final FaultSwitches switches;
    private final LiveStream stream;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    BffOpsResource(
            ResilienceHistory history,
            FaultSwitches switches,
            LiveStream stream,
            Pages pages,
            Visits visits,
            Scopes scopes) {
        this.history = history;
        this.switches = switches;
        this.stream = stream;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> page() {
        Visit visit = visits.current();
        Uni<String> content = Uni.createFrom()
                .item(() -> visit.render(Templates.ops(new OpsPage(live(visit), List.copyOf(switches.services())))));
        return pages.page(visit, scopes.open(), visit.words().toOps(), "ops", content);
    }

    private String live(Visit visit) {
        return visit.render(Templates.opsLive(OpsView.of(history.past(), visit)));
    }

    /** The live part again and again, as markup in the visitor's language. */
    @GET
    @Path(LIVE)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(hidden = true)
    public Multi<OutboundSseEvent> live(@Context Sse sse) {
        Visit visit = visits.current();
        return stream.of(sse, MediaType.TEXT_PLAIN_TYPE, () -> live(visit).replace('\n', ' '));
    }

    @POST
    @Path("/faults")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> set(String body) {
        Form form = visits.read(body);
        JsonObject fault = new JsonObject()
                .put("kind", form.text("kind"))
                .put("route", form.text("route").isEmpty() ? "/" : form.text("route"))
                .put("share", (form.text("share").isEmpty() ? 100 : form.number("share", 100)) / 100.0)
                .put("for_ms", 1000L * form.number("seconds", LONGEST_SECONDS));
        if (form.text("kind").equals("latency")) {
            fault.put("delay_ms", form.text("delay").isEmpty() ? 1000 : form.number("delay", 60_000));
        }
        return told(switches.set(form.text("service"), FAULT, fault), "fault-on");
    }

    @POST
    @Path("/faults/schedule")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> schedule(String body) {
        int seed = visits.read(body).number("seed", Integer.MAX_VALUE);
        List<String> services = switches.services().stream()
                .filter(List.of("products", "inventory", "favorites", "cart")::contains)
                .sorted()
                .toList();
        if (services.isEmpty()) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "No service of the page takes faults here.");
        }
        return told(
                Multi.createFrom()
                        .iterable(FaultSchedule.of(seed, services))
                        .onItem()
                        .transformToUniAndConcatenate(step -> switches.set(step.service(), step.id(), step.fault())
                                .replaceWith(true))
                        .collect()
                        .last()
                        .replaceWithVoid(),
                "fault-on");
    }

    /** Switches off whatever can be reached. */
    @POST
    @Path("/faults/end")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> end(String body) {
        visits.read(body);
        return told(
                Multi.createFrom()
                        .iterable(switches.services())
                        .onItem()
                        .transformToUniAndMerge(each ->
                                switches.end(each).onFailure().recoverWithNull().replaceWith(true))
                        .collect()
                        .last()
                        .replaceWithVoid(),
                "fault-off");
    }

    private Uni<RestResponse<String>> told(Uni<Void> done, String code) {
        Visit visit = visits.current();
        return done.map(none -> Pages.seeOther(visit, PATH, code))
                .onFailure(ProblemException.class)
                .recoverWithItem(() -> Pages.seeOther(visit, PATH, "fault-not"));
    }
}
