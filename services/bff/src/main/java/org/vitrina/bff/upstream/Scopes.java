package org.vitrina.bff.upstream;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.experiments.Assignments;
import org.vitrina.bff.session.Callers;
import org.vitrina.client.CallScope;
import org.vitrina.client.Release;
import org.vitrina.client.Releases;
import org.vitrina.core.Deadline;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.Roles;

/** Opens the scope of an answer: its deadline, what it carries on, and the caller's leaving as its end. */
@ApplicationScoped
public class Scopes {
    /** Kept of the budget for putting the answer together and sending it. */
    private static final Duration RESERVE = Duration.ofMillis(10);

    /** A deadline this much below our own budget is what the caller asked for, not the way here. */
    private static final Duration SLACK = Duration.ofMillis(50);

    private final Vertx vertx;
    private final CurrentVertxRequest request;
    private final RequestDeadline deadlines;
    private final RequestIds ids;
    private final Callers callers;
    private final CurrentUser users;
    private final Assignments assignments;
    private final Duration budget;

    Scopes(
            Vertx vertx,
            CurrentVertxRequest request,
            RequestDeadline deadlines,
            RequestIds ids,
            Callers callers,
            CurrentUser users,
            Assignments assignments,
            BffConfig config) {
        this.vertx = vertx;
        this.request = request;
        this.deadlines = deadlines;
        this.ids = ids;
        this.callers = callers;
        this.users = users;
        this.assignments = assignments;
        this.budget = config.budget();
    }

    /** Whether a part that is missing is missing since the caller's own deadline has passed. */
    public static boolean cutShort(CallScope scope) {
        return scope.shortened() && scope.deadline().passed();
    }

    /**
     * The scope of work that no caller waits for, with a usual answer's budget; for the caller all the same, where there is one, and by
     * the usual releases: there may be no request any more that says who is served.
     */
    public CallScope unasked() {
        return CallScope.until(
                vertx,
                Deadline.in(budget),
                false,
                new CallScope.Carried(null, null, callers.authorization(), Releases.USUAL));
    }

    /** The scope of the request being served; it ends with the answer, whichever way that ends. */
    public CallScope open() {
        CallScope scope = kept();
        RoutingContext caller = request.getCurrent();
        if (caller != null) {
            // Also fires when the connection closes before the answer is out: no further call is made then.
            caller.addEndHandler(ended -> scope.cancel());
        }
        return scope;
    }

    /** As {@link #open}, for a write that is carried through even when its caller has left meanwhile. */
    public CallScope kept() {
        Deadline deadline = deadlines.current();
        Duration left = deadline.remaining();
        boolean shortened = deadlines.isShortened() && left.compareTo(budget.minus(SLACK)) < 0;
        Duration usable = left.compareTo(RESERVE) > 0 ? left.minus(RESERVE) : left;
        return CallScope.until(
                vertx,
                deadline.within(usable),
                shortened,
                new CallScope.Carried(ids.requestId(), ids.traceparent(), callers.authorization(), releases()));
    }

    /** By experiments; testers, who are operators, may name a variant, and anybody else's header says nothing. */
    private Releases releases() {
        RoutingContext asked = request.getCurrent();
        String tried = asked == null ? null : asked.request().getHeader(Release.HEADER);
        if (tried != null && !callers.roles().contains(Roles.OPERATOR)) {
            tried = null;
        }
        return tried == null && assignments.isIdle() ? Releases.USUAL : assignments.of(users.served(), tried);
    }
}
