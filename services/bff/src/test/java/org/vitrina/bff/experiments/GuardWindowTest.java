package org.vitrina.bff.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuardWindowTest {
    private final AtomicLong now = new AtomicLong();
    private final GuardWindow window = new GuardWindow(Duration.ofSeconds(60), now::get);
    private final Tally tally = new Tally();
    private final Experiment experiment = new Experiment(
            "order",
            "products",
            new TreeMap<>(Map.of("default", 50, "newest", 50)),
            Instant.EPOCH,
            Instant.EPOCH.plusSeconds(1),
            null,
            new Guard(0.05, 250, 0.1, 100));

    private void counted(String variant, long calls, long errors, long slow) {
        tally.add(variant, Tally.Kind.CALLS, calls);
        tally.add(variant, Tally.Kind.ERRORS, errors);
        tally.add(variant, Tally.Kind.SLOW, slow);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void saysWhichVariantFailsHowOften() {
        window.breach(experiment, tally);
        counted("newest", 100, 20, 0);

        assertThat(window.breach(experiment, tally))
                .isEqualTo("newest: 20 of 100 calls failed, which is more than 5.00 %.");
    }

    @Test
    void saysWhichVariantIsSlow() {
        window.breach(experiment, tally);
        counted("newest", 200, 0, 60);

        assertThat(window.breach(experiment, tally))
                .isEqualTo("newest: 60 of 200 calls took longer than 250 ms, which is more than 10.00 %.");
    }

    @Test
    void judgesNoHandfulOfCallsNorTheUsualRelease() {
        window.breach(experiment, tally);
        counted("newest", 99, 99, 99);
        counted("default", 1000, 1000, 1000);

        assertThat(window.breach(experiment, tally)).isNull();
    }

    @Test
    void forgetsWhatIsLongerAgoThanTheWindow() {
        window.breach(experiment, tally);
        counted("newest", 90, 90, 0);
        assertThat(window.breach(experiment, tally)).isNull();
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        counted("newest", 90, 0, 0);

        assertThat(window.breach(experiment, tally)).isNull();
    }

    @Test
    void whatWasThereBeforeItFirstLookedIsNotJudged() {
        counted("newest", 1000, 1000, 0);

        assertThat(window.breach(experiment, tally)).isNull();
    }
}
