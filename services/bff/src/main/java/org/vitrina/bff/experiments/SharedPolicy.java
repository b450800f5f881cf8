package org.vitrina.bff.experiments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.session.SharedState;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * The policy that all replicas share, as it is known here: nobody waits for it. Where Redis does not answer the last one goes on,
 * and has an age; where Redis has lost it, it is written there again. Without a Redis it is this replica's own.
 */
@Singleton
class SharedPolicy {
    private static final Logger LOG = Logger.getLogger(SharedPolicy.class);
    private static final String REVISION = "vitrina:experiments:revision";
    private static final String POLICY = "vitrina:experiments:policy";
    private static final List<String> KEYS = List.of(REVISION, POLICY);
    private static final int TRIES = 5;

    private final SharedState shared;
    private final ObjectMapper json;
    private final LongSupplier nanoTime;
    private volatile Policy policy = Policy.NONE;
    private volatile long confirmedAt;
    private volatile @Nullable UnaryOperator<Policy> owed;

    @Inject
    SharedPolicy(SharedState shared, ObjectMapper json, MeterRegistry registry) {
        this(shared, json, System::nanoTime);
        Gauge.builder(
                        "vitrina.experiments.policy.age",
                        this,
                        known -> known.age().toMillis() / 1000.0)
                .description("For how long nobody has confirmed which experiments there are")
                .baseUnit("seconds")
                .register(registry);
    }

    SharedPolicy(SharedState shared, ObjectMapper json, LongSupplier nanoTime) {
        this.shared = shared;
        this.json = json;
        this.nanoTime = nanoTime;
        this.confirmedAt = nanoTime.getAsLong();
    }

    Policy now() {
        return policy;
    }

    /** Whether other replicas learn of a change. */
    boolean isShared() {
        return shared.isConfigured();
    }

    /** Since when it may be another one elsewhere. */
    Duration age() {
        return shared.isConfigured() ? Duration.ofNanos(nanoTime.getAsLong() - confirmedAt) : Duration.ZERO;
    }

    /** Takes over what another replica has decided. Never fails. */
    Uni<Void> read() {
        if (!shared.isConfigured()) {
            return Uni.createFrom().voidItem();
        }
        UnaryOperator<Policy> owing = owed;
        return owing == null ? compared() : settled(owing);
    }

    /** What was decided here while nobody could be told, on top of what was decided elsewhere meanwhile. */
    private Uni<Void> settled(UnaryOperator<Policy> owing) {
        return values(KEYS).chain(found -> {
            if (found == null) {
                return Uni.createFrom().voidItem();
            }
            take(found);
            owed = null;
            return changeAtLeastHere(owing).replaceWithVoid();
        });
    }

    private Uni<Void> compared() {
        return values(List.of(REVISION)).chain(found -> {
            if (found == null) {
                return Uni.createFrom().voidItem();
            }
            String revision = found.getFirst();
            if (revision == null) {
                return restored();
            }
            if (revision.equals(text(policy))) {
                confirmed(policy);
                return Uni.createFrom().voidItem();
            }
            return values(KEYS).invoke(this::take).replaceWithVoid();
        });
    }

    private Uni<Void> restored() {
        Policy known = policy;
        return known.revision() == 0
                ? Uni.createFrom().voidItem().invoke(() -> confirmed(known))
                : write("", known).replaceWithVoid();
    }

    private void take(@Nullable List<@Nullable String> found) {
        String text = found == null ? null : found.getLast();
        if (text == null) {
            return;
        }
        try {
            confirmed(json.readValue(text, Policy.class));
        } catch (JsonProcessingException foreign) {
            LOG.warnf(
                    "The experiments in Redis cannot be read, those known here go on: %s",
                    foreign.getOriginalMessage());
        }
    }

    private void confirmed(Policy known) {
        policy = known;
        confirmedAt = nanoTime.getAsLong();
    }

    /**
     * Changes the policy for all replicas, or fails with the 503 that says that nothing is changed.
     *
     * @param change applied again where another replica has changed it meanwhile
     */
    Uni<Policy> change(UnaryOperator<Policy> change) {
        return Uni.createFrom().deferred(() -> change(change, TRIES));
    }

    /** The same; where the other replicas cannot be told it counts here at once, and there as soon as they can. */
    Uni<Policy> changeAtLeastHere(UnaryOperator<Policy> change) {
        return change(change).onFailure(ProblemException.class).recoverWithItem(() -> {
            Policy here = policy;
            Policy changed = change.apply(here);
            UnaryOperator<Policy> before = owed;
            owed = before == null ? change : now -> change.apply(before.apply(now));
            // the revision is that of what the others have
            policy = new Policy(here.revision(), changed.experiments(), changed.history());
            return policy;
        });
    }

    private Uni<Policy> change(UnaryOperator<Policy> change, int tries) {
        Policy before = policy;
        Policy after = change.apply(before);
        if (after.equals(before)) {
            return Uni.createFrom().item(before);
        }
        if (!shared.isConfigured()) {
            policy = after;
            return Uni.createFrom().item(after);
        }
        return write(before.revision() == 0 ? "" : text(before), after).chain(written -> {
            if (written == null) {
                return Uni.createFrom().failure(notShared());
            }
            if (written) {
                return Uni.createFrom().item(after);
            }
            return tries > 1
                    ? read().chain(() -> change(change, tries - 1))
                    : Uni.createFrom().failure(notShared());
        });
    }

    private static ProblemException notShared() {
        return new ProblemException(
                        ErrorCode.UNAVAILABLE,
                        "Nothing was changed: the Redis by which replicas share their experiments did not take it.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private Uni<@Nullable Boolean> write(String before, Policy after) {
        String text;
        try {
            text = json.writeValueAsString(after);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a policy cannot be written as JSON", e);
        }
        return Uni.createFrom()
                .<@Nullable Boolean>emitter(emitter ->
                        shared.replace(before, KEYS, List.of(text(after), text), written -> emitter.complete(written)))
                .invoke(written -> {
                    if (Boolean.TRUE.equals(written)) {
                        confirmed(after);
                    }
                });
    }

    private Uni<@Nullable List<@Nullable String>> values(List<String> keys) {
        return Uni.createFrom().emitter(emitter -> shared.get(keys, found -> emitter.complete(found)));
    }

    private static String text(Policy policy) {
        return Long.toString(policy.revision());
    }
}
