package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One guarded call: where it ends, how to make one try, how many have been made and what the last one failed with. */
public final class GuardedCall<T> {
    private final Upstream upstream;
    private final CallScope scope;
    private final CallScope tries;
    private final @Nullable Function<CallScope, Uni<T>> once;
    private final long start = System.nanoTime();
    private boolean repeatable = true;
    private boolean hedged;
    private int count;
    private @Nullable CallFailure last;

    /** @param once makes one try in the scope that it is given, what it brings decoded */
    GuardedCall(Upstream upstream, CallScope scope, Function<CallScope, Uni<T>> once) {
        this.upstream = upstream;
        this.scope = scope;
        this.tries = scope.forTries();
        this.once = once;
    }

    /** A call that another caller has made. */
    GuardedCall(Upstream upstream, CallScope scope, CallFailure outcome) {
        this.upstream = upstream;
        this.scope = scope;
        this.tries = scope;
        this.once = null;
        this.last = outcome;
    }

    /** The same call, which must not be repeated: whatever its first try fails with is final. */
    public GuardedCall<T> onlyOnce() {
        repeatable = false;
        return this;
    }

    /**
     * The same call, which is a read: a try without an answer after {@code hedge-after} is asked a second time on another
     * connection, where the retry budget allows it. To the guards the two are one try.
     */
    public GuardedCall<T> hedged() {
        hedged = true;
        return this;
    }

    /**
     * Makes the next try, inside the scope's cancelling limit. Fails with a {@link CallFailure}, and only with {@link
     * CallFailure.Retryable} where another try is worth it, allowed and affordable.
     *
     * <p>The pause before a retry is made here, on the caller's event loop and inside its scope, and not by the retry
     * annotation: its timer thread cost more than the retry, and would wait on after the caller has gone.
     */
    public Uni<T> attempt() {
        if (once == null) {
            return Uni.createFrom().failure(() -> last);
        }
        Function<CallScope, Uni<T>> attempt = upstream.traced(once, ++count);
        Uni<T> work;
        if (count == 1) {
            upstream.firstTry();
            Release release = scope.carried().releases().of(upstream.name());
            CallScope first = tries.by(release);
            Function<CallScope, Uni<T>> told = release == null
                    ? attempt
                    : own -> own.release() == null ? attempt.apply(own) : told(attempt, own, release);
            work = hedged ? upstream.hedged(first, told) : Uni.createFrom().deferred(() -> told.apply(first));
        } else {
            work = scope.after(upstream.pauseMillis(), () -> {
                upstream.retry();
                return hedged ? upstream.hedged(tries, attempt) : attempt.apply(tries);
            });
        }
        return upstream.probed(scope.run(work).onFailure().transform(this::judge));
    }

    /** A try whose release is told how it ended; one whose caller left, or wanted it sooner than is usual, says nothing. */
    private Uni<T> told(Function<CallScope, Uni<T>> attempt, CallScope own, Release release) {
        long begun = System.nanoTime();
        return attempt.apply(own)
                .onItemOrFailure()
                .invoke((item, failure) -> {
                    if (!(failure instanceof CallFailure.Uncounted uncounted) || uncounted.isRefused()) {
                        release.ended(
                                System.nanoTime() - begun,
                                failure != null && !(failure instanceof CallFailure.Uncounted));
                    }
                })
                .onCancellation()
                .invoke(() -> {
                    if (!own.gone() && !own.shortened()) {
                        release.ended(System.nanoTime() - begun, true);
                    }
                });
    }

    private CallFailure judge(Throwable failure) {
        CallFailure judged = upstream.judge(failure, scope, count, repeatable);
        last = judged;
        return judged;
    }

    /** The guarded call as its caller sees it: counted, and failing with a {@link CallFailure} whatever a guard threw. */
    Uni<T> accounted(Uni<T> guarded) {
        return once == null ? guarded : upstream.accounted(this, guarded);
    }

    long start() {
        return start;
    }

    /** What the last try failed with; null where none was made. */
    @Nullable
    CallFailure last() {
        return last;
    }
}
