package org.vitrina.bff.upstream;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.CarriedHeaders;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;

/**
 * One write to a dependency, and what is known of its tries: its outcome is unknown only where one of them may have been
 * carried out. A refusal by the service itself (503) is handed on as an answer; what never left fails as {@link NotDone}.
 *
 * <p>Confined to the event loop of its request.
 */
public final class Write {
    private static final String OURS = "urn:vitrina:problem:";

    /** Tries that were begun and may have been carried out, for all that is known. */
    private int unknown;

    private @Nullable Reply refusal;

    private Write() {}

    /** A write of which no try can have been carried out. */
    public static final class NotDone extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotDone(CallFailure why) {
            super(why.getMessage(), why, false, false);
        }
    }

    /**
     * The answer to a write that is safe to repeat, or was made {@link GuardedCall#onlyOnce()} by {@code guarded}.
     *
     * @param once makes one try
     * @param guarded the client's guarded method
     */
    public static Uni<Reply> of(
            Upstream upstream,
            CallScope scope,
            Function<CarriedHeaders, Uni<Response>> once,
            Function<GuardedCall<Reply>, Uni<Reply>> guarded) {
        return of(upstream, scope, once, guarded, reply -> false);
    }

    /** The same, and a 5xx that {@code answers} knows is an answer, neither tried again nor counted as a failure. */
    public static Uni<Reply> of(
            Upstream upstream,
            CallScope scope,
            Function<CarriedHeaders, Uni<Response>> once,
            Function<GuardedCall<Reply>, Uni<Reply>> guarded,
            Predicate<Reply> answers) {
        var write = new Write();
        return guarded.apply(upstream.rest(
                        scope,
                        carried -> write.watched(once.apply(carried)),
                        reply -> answers.test(reply) ? reply : write.judged(reply)))
                .onFailure(CallFailure.class)
                .recoverWithUni(write::outcome);
    }

    private Uni<Response> watched(Uni<Response> once) {
        return Uni.createFrom().deferred(() -> {
            unknown++;
            return once.onFailure(Write::neverLeft).invoke(() -> unknown--);
        });
    }

    private Reply judged(Reply reply) {
        if (isRefusal(reply)) {
            unknown--;
            refusal = reply;
        }
        return Replies.judged(reply);
    }

    private Uni<Reply> outcome(CallFailure failure) {
        if (unknown > 0) {
            return Uni.createFrom().failure(failure);
        }
        return refusal == null
                ? Uni.createFrom().failure(new NotDone(failure))
                : Uni.createFrom().item(refusal);
    }

    /**
     * A 503 of the service's own, which says that nothing was done. One without our form may be of a proxy that had sent the
     * request on, and one that has lost its database's answer says so.
     */
    private static boolean isRefusal(Reply reply) {
        if (reply.status() != 503) {
            return false;
        }
        try {
            JsonObject problem = new JsonObject(reply.body());
            return String.valueOf(problem.getValue("type")).startsWith(OURS)
                    && !"unknown".equals(problem.getValue("outcome"));
        } catch (DecodeException notJson) {
            return false;
        }
    }

    /** No connection, so that nothing can have been sent. */
    private static boolean neverLeft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof ConnectionPoolTooBusyException) {
                return true;
            }
        }
        return false;
    }
}
