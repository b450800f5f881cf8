package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.experiments.Experiment;
import org.vitrina.bff.experiments.Experiments;
import org.vitrina.bff.experiments.NewExperiment;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.CurrentCaller;
import org.vitrina.identity.Roles;

/** {@code /ops/experiments/page}: experiments for people, and the forms that begin and end them. */
@RolesAllowed(Roles.OPERATOR)
@Path(ExperimentsPageOpsResource.PATH)
@Produces(PageGate.HTML)
public class ExperimentsPageOpsResource {
    static final String PATH = "/ops/experiments/page";

    private static final int LONGEST_HOURS = 90 * 24;

    private final Experiments experiments;
    private final CurrentCaller current;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    ExperimentsPageOpsResource(
            Experiments experiments, CurrentCaller current, Pages pages, Visits visits, Scopes scopes) {
        this.experiments = experiments;
        this.current = current;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> page() {
        Visit visit = visits.current();
        Uni<String> content = Uni.createFrom()
                .item(() -> visit.render(Templates.experiments(ExperimentsPage.of(experiments.view(), visit))));
        return pages.page(visit, scopes.open(), visit.words().toExperiments(), "ops", content);
    }

    /** One variant beside the usual release, for so many hours. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> begin(String body) {
        Form form = visits.read(body);
        String[] choice = form.text("variant").split("/", 2);
        int share = form.number("share", 100);
        Instant until = Instant.now().plus(form.number("hours", LONGEST_HOURS), ChronoUnit.HOURS);
        Map<String, Integer> shares = new HashMap<>(Map.of(Experiment.USUAL, 100 - share));
        shares.put(choice.length == 1 ? "" : choice[1], share);
        NewExperiment wanted = new NewExperiment(choice[0], shares, until, null, null, null, null);
        return told(experiments.put(form.text("name"), wanted, current.actor()));
    }

    @POST
    @Path("/stop")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> stop(String body) {
        return told(experiments.stop(visits.read(body).text("name"), current.actor()));
    }

    @POST
    @Path("/remove")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> remove(String body) {
        return told(experiments.remove(visits.read(body).text("name"), current.actor()));
    }

    private Uni<RestResponse<String>> told(Uni<Void> done) {
        Visit visit = visits.current();
        return done.map(none -> Pages.seeOther(visit, PATH, "experiment"))
                .onFailure(ProblemException.class)
                .recoverWithItem(() -> Pages.seeOther(visit, PATH, "experiment-not"));
    }
}
