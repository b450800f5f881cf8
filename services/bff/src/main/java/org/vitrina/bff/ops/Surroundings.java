package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.vitrina.bff.BffConfig;
import org.vitrina.identity.ServiceTokens;
import org.vitrina.runtime.RecurringTask;

/**
 * What {@code /ops} asks others for: which faults are on in the services, and how the other replicas of the BFF fare. Only
 * while somebody looks at the page, or a fault is on; beside the samples of this replica, which must not wait for it.
 */
@Singleton
class Surroundings implements RecurringTask {
    /** So long after the page was looked at the others are asked. */
    private static final Duration INTEREST = Duration.ofMinutes(1);

    private final FaultSwitches switches;
    private final EachReplica http;
    private final ServiceTokens tokens;
    private final List<URI> replicas;
    private volatile Seen seen = new Seen(List.of(), List.of());
    private volatile long lookedAt = System.nanoTime() - INTEREST.toNanos();

    Surroundings(FaultSwitches switches, EachReplica http, ServiceTokens tokens, BffConfig config) {
        this.switches = switches;
        this.http = http;
        this.tokens = tokens;
        this.replicas = config.ops().replicas().orElse(List.of());
    }

    /**
     * As it was when last asked.
     *
     * @param replicas all that answered, perhaps this one too
     */
    record Seen(List<FaultSwitches.On> faults, List<Replica> replicas) {}

    Seen seen() {
        return seen;
    }

    /** Somebody looks at the page. */
    void look() {
        lookedAt = System.nanoTime();
    }

    @Override
    public String name() {
        return "Looking at faults and other replicas";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Uni<?> work() {
        boolean looked = System.nanoTime() - lookedAt < INTEREST.toNanos();
        if (!looked && seen.faults().isEmpty()) {
            seen = new Seen(List.of(), List.of());
            return Uni.createFrom().voidItem();
        }
        return Uni.combine()
                .all()
                .unis(switches.all(), others())
                .with(Seen::new)
                .invoke(now -> seen = now);
    }

    private Uni<List<Replica>> others() {
        return Multi.createFrom()
                .iterable(replicas)
                .onItem()
                .transformToUniAndMerge(
                        address -> http.ask(HttpMethod.GET, address, "/ops/resilience", null, tokens.authorization()))
                .onItem()
                .transformToIterable(answers -> answers)
                .filter(EachReplica.Answer::isGood)
                .map(each -> Replica.read(each.body().toJsonObject(), System.nanoTime()))
                .collect()
                .asList()
                // one of another version, in an update, may tell less
                .onFailure()
                .recoverWithItem(List.of());
    }
}
