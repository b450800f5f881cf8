package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.discovery.Replica;
import org.vitrina.http.TimeLimit;

/**
 * What all calls made for one answer share: the instant at which they end, and the caller who may leave before.
 *
 * <p>A scope has one timer, whatever the number of its calls, and when it fires, or the caller leaves, every call still
 * under way is cancelled for real: its connection is closed or its stream reset. Scopes nest; a child ends with its parent
 * at the latest. Calls are told on the event loop that made it; it may be cancelled from any thread, as a load that several
 * callers share is by the last of them.
 */
public final class CallScope {
    private final Vertx vertx;
    private final Deadline deadline;
    private final boolean shortened;
    private final Carried carried;
    private final TimeLimit limit;
    private final Queue<CallScope> children = new ConcurrentLinkedQueue<>();
    private final boolean hedge;
    /** The one that this is the same as, for one call in it; itself otherwise. */
    private final CallScope whole;

    private final @Nullable Tried tried;
    private final @Nullable Release release;
    private volatile boolean gone;

    /** The replicas that one call was made to so far. */
    private static final class Tried {
        private volatile List<Replica> replicas = List.of();
    }

    /**
     * Headers handed on to every dependency.
     *
     * @param requestId the value of {@code X-Request-Id}
     * @param traceparent the value of {@code traceparent} (W3C Trace Context)
     * @param authorization the value of {@code Authorization} by which the dependency knows for whom it is asked
     * @param releases of dependencies that first tries go to
     */
    public record Carried(
            @Nullable String requestId,
            @Nullable String traceparent,
            @Nullable String authorization,
            Releases releases) {
        public static final Carried NONE = new Carried(null, null);

        public Carried(@Nullable String requestId, @Nullable String traceparent) {
            this(requestId, traceparent, null, Releases.USUAL);
        }

        /** The same asked by another, such as by this service itself. */
        public Carried by(@Nullable String another) {
            return new Carried(requestId, traceparent, another, releases);
        }

        /** The same for nobody in particular. */
        Carried withoutCaller() {
            return authorization == null ? this : new Carried(requestId, traceparent, null, releases);
        }

        Carried tracedBy(String another) {
            return new Carried(requestId, another, authorization, releases);
        }

        /** No token in a log. */
        @Override
        public String toString() {
            return "Carried[" + requestId + ", " + traceparent + "]";
        }
    }

    private CallScope(Vertx vertx, Deadline deadline, boolean shortened, Carried carried) {
        this.vertx = vertx;
        this.deadline = deadline;
        this.shortened = shortened;
        this.carried = carried;
        this.limit = new TimeLimit(vertx, deadline, this::late);
        this.hedge = false;
        this.whole = this;
        this.tried = null;
        this.release = null;
    }

    private CallScope(
            CallScope whole, boolean hedge, @Nullable Tried tried, @Nullable Release release, Carried carried) {
        this.vertx = whole.vertx;
        this.deadline = whole.deadline;
        this.shortened = whole.shortened;
        this.carried = carried;
        this.limit = whole.limit;
        this.hedge = hedge;
        this.whole = whole.whole;
        this.tried = tried;
        this.release = release;
    }

    /**
     * The scope of one answer.
     *
     * @param shortened whether the caller asked for less time than we usually take: then a time-out is no sign of an ill
     *     dependency and counts for neither breaker nor retry budget
     */
    public static CallScope until(Vertx vertx, Deadline deadline, boolean shortened, Carried carried) {
        return new CallScope(vertx, deadline, shortened, carried);
    }

    /** A part of this scope that ends {@code limit} from now, or this scope itself if that is earlier. */
    public CallScope within(Duration limit) {
        Deadline earlier = deadline.within(limit);
        if (earlier == deadline) {
            return this;
        }
        CallScope child = new CallScope(vertx, earlier, false, carried);
        whole.children.add(child);
        // the caller may leave at this moment
        if (whole.gone) {
            child.cancel();
        }
        return child;
    }

    /** A scope of its own that ends {@code limit} from now: for work that several callers wait for, and so of none of them. */
    public CallScope detached(Duration limit) {
        return new CallScope(vertx, Deadline.in(limit), false, carried.withoutCaller());
    }

    /** This scope for the second of two equal calls: it ends with this one. */
    CallScope forHedge() {
        return new CallScope(this, true, tried, null, carried);
    }

    /** This scope for all tries of one call, which are to go to different replicas: it ends with this one. */
    CallScope forTries() {
        return new CallScope(this, false, new Tried(), null, carried);
    }

    /** This scope for a call's first try, by this release: it ends with this one. */
    CallScope by(@Nullable Release chosen) {
        return chosen == null ? this : new CallScope(this, hedge, tried, chosen, carried);
    }

    /** Null: the usual one. */
    @Nullable
    Release release() {
        return release;
    }

    /** This scope for one try, of which the trace goes on in this way: it ends with this one. */
    CallScope carrying(String traceparent) {
        return new CallScope(this, hedge, tried, release, carried.tracedBy(traceparent));
    }

    /** The value of {@value Release#HEADER}; null: none, the release is the usual one. */
    @Nullable
    String variant() {
        return release == null || release.name().isEmpty() ? null : release.name();
    }

    /** What calls the release where {@code usual} calls the usual one. */
    HttpTransport transport(HttpTransport usual) {
        HttpTransport elsewhere = release == null ? null : release.elsewhere();
        return elsewhere == null ? usual : elsewhere;
    }

    /** The replicas that the call was made to so far. */
    List<Replica> tried() {
        return tried == null ? List.of() : tried.replicas;
    }

    /** The call goes to this replica now; tries and hedges of a call are made on one event loop. */
    void tries(Replica replica) {
        if (tried != null) {
            tried.replicas =
                    Stream.concat(tried.replicas.stream(), Stream.of(replica)).toList();
        }
    }

    /** Whether the call is the second of two equal ones, since the first takes long. */
    boolean isHedge() {
        return hedge;
    }

    public Deadline deadline() {
        return deadline;
    }

    public boolean shortened() {
        return shortened;
    }

    public Carried carried() {
        return carried;
    }

    /** True once the caller has left: no call may start any more. */
    public boolean gone() {
        return whole.gone;
    }

    /** The caller left, or the answer is out: ends every call under way, here and in the scopes within. */
    public void cancel() {
        if (whole.gone) {
            return;
        }
        whole.gone = true;
        limit.end(CallScope::left);
        whole.children.forEach(CallScope::cancel);
    }

    /** Runs {@code work} inside this scope: it fails with {@link Reason#TIMEOUT} and is cancelled when the scope ends. */
    public <T> Uni<T> run(Uni<T> work) {
        return limit.run(work);
    }

    /** {@code next} after a pause on this event loop; cancelled with the work that it is part of. */
    <T> Uni<T> after(long pauseMillis, Supplier<Uni<T>> next) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    long pause = vertx.setTimer(Math.max(1, pauseMillis), fired -> emitter.complete(null));
                    emitter.onTermination(() -> vertx.cancelTimer(pause));
                })
                .chain(() -> next.get());
    }

    private CallFailure late() {
        return shortened
                ? new CallFailure.Uncounted(Reason.TIMEOUT, "the caller's deadline passed")
                : new CallFailure.Final(Reason.TIMEOUT, "no answer in time", null);
    }

    private static CallFailure left() {
        return new CallFailure.Uncounted(Reason.ERROR, "the caller is gone");
    }
}
