package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.Race;

class RecentCallsTest {
    private static final long MILLI = 1_000_000;

    private final RecentCalls recent = new RecentCalls();

    @Test
    void knowsNothingBeforeTheFirst() {
        assertThat(recent.summary()).isEqualTo(new RecentCalls.Summary(0, 0, 0, 0, 0, 0));
    }

    @Test
    void tellsWhatBecameOfThemAndHowLongThoseThatWereMadeTook() {
        recent.add(RecentCalls.Outcome.ANSWERED, 2 * MILLI);
        recent.add(RecentCalls.Outcome.ANSWERED, 4 * MILLI);
        recent.add(RecentCalls.Outcome.FAILED, 3 * MILLI);
        recent.add(RecentCalls.Outcome.TIMEOUT, 1_000 * MILLI);
        recent.add(RecentCalls.Outcome.NOT_MADE, 0);

        assertThat(recent.summary()).isEqualTo(new RecentCalls.Summary(5, 1, 1, 1, 4, 1_000));
    }

    @Test
    void forgetsWhatIsLongAgo() {
        recent.add(RecentCalls.Outcome.TIMEOUT, 1_000 * MILLI);
        for (int i = 0; i < RecentCalls.KEPT; i++) {
            recent.add(RecentCalls.Outcome.ANSWERED, MILLI);
        }

        assertThat(recent.summary()).isEqualTo(new RecentCalls.Summary(RecentCalls.KEPT, 0, 0, 0, 1, 1));
    }

    @Test
    void losesNoneOfThoseThatEndAtOnce() {
        Race.of(8, caller -> {
            for (int i = 0; i < RecentCalls.KEPT / 8; i++) {
                recent.add(RecentCalls.Outcome.FAILED, MILLI);
            }
            return caller;
        });

        assertThat(recent.summary().failed()).isEqualTo(RecentCalls.KEPT);
    }
}
