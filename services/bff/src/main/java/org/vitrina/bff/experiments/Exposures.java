package org.vitrina.bff.experiments;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.vitrina.bff.session.SharedState;

/**
 * Which users an experiment has served, each counted and logged once, whatever the number of their requests and replicas; and which
 * of these have ordered. Where Redis does not answer a replica counts by itself, and a user may count at two of them.
 */
@Singleton
class Exposures {
    private static final Logger EVENTS = Logger.getLogger("org.vitrina.exposures");
    private static final String KEY = "vitrina:experiments:user:";
    private static final String ORDERED = ":ordered";
    private static final int MOST_USERS = 100_000;

    private final SharedState shared;
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    /** Users met here lately; who is forgotten is found in Redis. */
    private final Cache<String, String> met = Caffeine.newBuilder()
            .maximumSize(MOST_USERS)
            .executor(Runnable::run)
            .build();

    Exposures(SharedState shared) {
        this.shared = shared;
    }

    Tally tally(Experiment experiment) {
        return tallies.computeIfAbsent(experiment.key(), any -> new Tally());
    }

    /** Drops the counts of experiments that are no more. */
    void keep(List<Experiment> all) {
        tallies.keySet().retainAll(all.stream().map(Experiment::key).toList());
    }

    /** The variant serves the user. */
    void exposed(Experiment experiment, String variant, int user) {
        String key = KEY + experiment.key() + ":" + experiment.pseudonym(user);
        if (isNew(key, variant)) {
            shared.putIfAbsent(key, variant, life(experiment), first -> {
                if (!Boolean.FALSE.equals(first)) {
                    tally(experiment).add(variant, Tally.Kind.EXPOSED, 1);
                    EVENTS.infof(
                            "experiment %s serves %s by %s/%s",
                            experiment.name(), experiment.pseudonym(user), experiment.service(), variant);
                }
            });
        }
    }

    /** The user has ordered; counts where the experiment has served them. */
    void ordered(Experiment experiment, String variant, int user) {
        String key = KEY + experiment.key() + ":" + experiment.pseudonym(user);
        if (met.getIfPresent(key) != null) {
            count(experiment, variant, key + ORDERED);
        } else {
            shared.get(List.of(key), found -> {
                if (found != null && found.getFirst() != null) {
                    count(experiment, variant, key + ORDERED);
                }
            });
        }
    }

    private void count(Experiment experiment, String variant, String key) {
        if (isNew(key, variant)) {
            shared.putIfAbsent(key, variant, life(experiment), first -> {
                if (!Boolean.FALSE.equals(first)) {
                    tally(experiment).add(variant, Tally.Kind.ORDERED, 1);
                }
            });
        }
    }

    private boolean isNew(String key, String variant) {
        return met.asMap().putIfAbsent(key, variant) == null;
    }

    /** As long as the experiment can run. */
    static Duration life(Experiment experiment) {
        Duration left = Duration.between(Instant.now(), experiment.until());
        return left.compareTo(Duration.ofDays(1)) < 0 ? Duration.ofDays(1) : left.plusDays(1);
    }
}
