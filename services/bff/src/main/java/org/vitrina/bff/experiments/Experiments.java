package org.vitrina.bff.experiments;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** What operators see and decide of experiments. */
@ApplicationScoped
public class Experiments {
    private static final ErrorCode TAKEN = new ErrorCode("experiment-running", 409, false, "Another one is running");
    private static final int MOST = 50;

    private final SharedPolicy policy;
    private final Exposures exposures;
    private final Variants variants;

    Experiments(SharedPolicy policy, Exposures exposures, Variants variants) {
        this.policy = policy;
        this.exposures = exposures;
        this.variants = variants;
    }

    /** As they are known here, at this moment. */
    public ExperimentsView view() {
        Instant now = Instant.now();
        Policy known = policy.now();
        Map<String, Set<String>> services = new TreeMap<>();
        variants.services().forEach(each -> services.put(each, variants.of(each)));
        return new ExperimentsView(
                policy.isShared(),
                policy.age().toMillis(),
                services,
                known.experiments().stream()
                        .map(each -> ExperimentsView.One.of(each, exposures.tally(each), now))
                        .toList(),
                known.history());
    }

    /**
     * Begins an experiment, or changes it; with other shares a running one goes on counting.
     *
     * @param by who it is
     */
    public Uni<Void> put(String name, NewExperiment wanted, String by) {
        Instant now = Instant.now();
        Set<String> known = variants.of(wanted.service());
        return policy.change(before -> {
                    Experiment to = wanted.named(name, known, before.named(name), now);
                    Experiment other = before.running(to.service(), now);
                    if (other != null && !other.name().equals(name)) {
                        throw new ProblemException(
                                TAKEN,
                                "The experiment " + other.name() + " is running on " + to.service()
                                        + ": a service has one at a time.");
                    }
                    if (before.named(name) == null && before.experiments().size() >= MOST) {
                        throw new ProblemException(
                                TAKEN, "There are " + MOST + " experiments: remove one that is over.");
                    }
                    return before.with(name, to, by, null, now);
                })
                .replaceWithVoid();
    }

    /** Everybody has the usual release from now on; what was counted stays. */
    public Uni<Void> stop(String name, String by) {
        return change(
                name,
                by,
                found -> found.stopped() == null ? found.stoppedBecause("An operator has stopped it.") : found);
    }

    /** There is no such experiment any more; its history stays. */
    public Uni<Void> remove(String name, String by) {
        return change(name, by, found -> null);
    }

    private interface Change {
        @Nullable
        Experiment of(Experiment found);
    }

    private Uni<Void> change(String name, String by, Change change) {
        return policy.change(before -> {
                    Experiment found = before.named(name);
                    if (found == null) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such experiment.");
                    }
                    return before.with(name, change.of(found), by, null, Instant.now());
                })
                .replaceWithVoid();
    }
}
