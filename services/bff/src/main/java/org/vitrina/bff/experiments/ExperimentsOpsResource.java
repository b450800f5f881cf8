package org.vitrina.bff.experiments;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.session.Callers;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.CurrentCaller;
import org.vitrina.identity.Roles;

/** {@code /ops/experiments}: what is tried on which users, how it fares, and the change of it. */
@RolesAllowed(Roles.OPERATOR)
@Path("/ops/experiments")
@Produces(MediaType.APPLICATION_JSON)
public class ExperimentsOpsResource {
    private final Experiments experiments;
    private final CurrentCaller current;
    private final Callers callers;

    ExperimentsOpsResource(Experiments experiments, CurrentCaller current, Callers callers) {
        this.experiments = experiments;
        this.current = current;
        this.callers = callers;
    }

    @GET
    public ExperimentsView view() {
        return experiments.view();
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<ExperimentsView> put(@RestPath String name, @Valid @Nullable NewExperiment experiment) {
        callers.requireProof();
        if (experiment == null) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "The body must be a JSON object.");
        }
        return experiments.put(name, experiment, current.actor()).map(done -> experiments.view());
    }

    @POST
    @Path("/{name}/stop")
    public Uni<ExperimentsView> stop(@RestPath String name) {
        callers.requireProof();
        return experiments.stop(name, current.actor()).map(done -> experiments.view());
    }

    @DELETE
    @Path("/{name}")
    public Uni<Void> remove(@RestPath String name) {
        callers.requireProof();
        return experiments.remove(name, current.actor());
    }
}
