package org.vitrina.bff.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who has which variant. */
class ExperimentTest {
    private static final int USERS = 20_000;
    private static final Instant BEGUN = Instant.parse("2026-11-30T12:00:00Z");

    private static final String RECORDED = "aaaaddaddaddadad";
    private static final String PSEUDONYM = "fd8f4b0c1582d160";

    private static Experiment experiment(String name, Map<String, Integer> shares) {
        return new Experiment(name, "products", new TreeMap<>(shares), BEGUN, BEGUN.plusSeconds(60), null, Guard.USUAL);
    }

    private static Map<String, Integer> counts(Experiment experiment) {
        Map<String, Integer> counts = new HashMap<>();
        for (int user = 1; user <= USERS; user++) {
            counts.merge(experiment.variantOf(user), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void usersAreSharedOutAsItSays() {
        Map<String, Integer> counts = counts(experiment("one", Map.of("default", 70, "a", 20, "b", 10)));

        // four standard deviations, sqrt(n p (1 - p)), on both sides
        assertThat(counts.get("default")).isBetween(14_000 - 260, 14_000 + 260);
        assertThat(counts.get("a")).isBetween(4_000 - 227, 4_000 + 227);
        assertThat(counts.get("b")).isBetween(2_000 - 170, 2_000 + 170);
    }

    @Test
    void nobodyAndEverybodyAreExact() {
        assertThat(counts(experiment("one", Map.of("default", 100, "a", 0))))
                .containsExactly(Map.entry("default", USERS));
        assertThat(counts(experiment("one", Map.of("default", 0, "a", 100)))).containsExactly(Map.entry("a", USERS));
    }

    /** As they were when this was written: another replica, or the next release of this program, must say the same. */
    @Test
    void aUserHasTheSameVariantWhoeverIsAsked() {
        Experiment experiment = experiment("one", Map.of("default", 50, "a", 50));
        StringBuilder variants = new StringBuilder();
        for (int user = 1; user <= 16; user++) {
            variants.append(experiment.variantOf(user).charAt(0));
        }

        assertThat(variants).hasToString(RECORDED);
        assertThat(experiment.pseudonym(7)).isEqualTo(PSEUDONYM);
    }

    @Test
    void moreForAVariantTakesUsersFromTheUsualReleaseOnly() {
        Experiment few = experiment("one", Map.of("default", 90, "a", 10));
        Experiment more = experiment("one", Map.of("default", 70, "a", 30));
        for (int user = 1; user <= USERS; user++) {
            if (few.variantOf(user).equals("a")) {
                assertThat(more.variantOf(user)).isEqualTo("a");
            }
        }
    }

    @Test
    void twoExperimentsAreIndependent() {
        Experiment one = experiment("one", Map.of("default", 50, "a", 50));
        Experiment two = experiment("two", Map.of("default", 50, "a", 50));
        int both = 0;
        for (int user = 1; user <= USERS; user++) {
            both += one.variantOf(user).equals("a") && two.variantOf(user).equals("a") ? 1 : 0;
        }

        assertThat(both).isBetween(5_000 - 245, 5_000 + 245);
    }
}
