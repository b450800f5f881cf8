package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults by a clock that the test moves. */
class TrialFaultsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final TrialFaults faults = TrialFaults.by(now::get);

    private static List<Problems.Violation> problemsOf(String json) {
        List<Problems.Violation> wrong = new ArrayList<>();
        TrialFault.read(new JsonObject(json), wrong);
        return wrong;
    }

    private static TrialFault fault(String json) {
        List<Problems.Violation> wrong = new ArrayList<>();
        TrialFault fault = TrialFault.read(new JsonObject(json), wrong);
        assertThat(wrong).isEmpty();
        return fault;
    }

    private void pass(long millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private List<Integer> met(int requests) {
        return IntStream.range(0, requests)
                .filter(each -> faults.meet("/a") != null)
                .boxed()
                .toList();
    }

    @Test
    void beginsAndEndsByItsOwnClock() {
        faults.set("one", fault("{\"kind\":\"hang\",\"after_ms\":500,\"for_ms\":1000}"));
        assertThat(faults.meet("/a")).isNull();
        pass(500);
        TrialFaults.Met met = Objects.requireNonNull(faults.meet("/a"));
        assertThat(met.leftMillis()).isEqualTo(1000);
        pass(999);
        assertThat(faults.meet("/a")).isNotNull();
        pass(1);
        assertThat(faults.meet("/a")).isNull();
        assertThat(faults.status().getJsonArray("faults")).isEmpty();
    }

    @Test
    void fallsToTheSameRequestsForTheSameSeed() {
        String share = "{\"kind\":\"error\",\"share\":0.3,\"seed\":%d}";
        faults.set("one", fault(share.formatted(7)));
        List<Integer> first = met(1000);
        faults.set("one", fault(share.formatted(7)));
        assertThat(met(1000)).isEqualTo(first);
        faults.set("one", fault(share.formatted(8)));
        assertThat(met(1000)).isNotEqualTo(first);
        // 0.3 of 1000, which is not by chance here
        assertThat(first.size()).isBetween(250, 350);
    }

    @Test
    void concernsARouteAndWhatIsBelowIt() {
        faults.set("one", fault("{\"kind\":\"reset\",\"route\":\"/products/\"}"));
        assertThat(faults.meet("/products")).isNotNull();
        assertThat(faults.meet("/products/1")).isNotNull();
        assertThat(faults.meet("/productsx")).isNull();
        assertThat(faults.meet("/")).isNull();
    }

    @Test
    void keepsACountOfWhatWasSeenAndMet() {
        faults.set("one", fault("{\"kind\":\"latency\",\"delay_ms\":20,\"route\":\"/a\"}"));
        faults.meet("/a");
        faults.meet("/b");

        JsonObject told = faults.status().getJsonArray("faults").getJsonObject(0);
        assertThat(told.getLong("seen")).isEqualTo(1);
        assertThat(told.getLong("met")).isEqualTo(1);
        assertThat(told.getInteger("delay_ms")).isEqualTo(20);
        assertThat(told.getLong("ends_in_ms")).isEqualTo(60_000);
        assertThat(told.containsKey("status")).isFalse();
    }

    @Test
    void areNotMoreThanMayBeAndMakeRoomWhenTheyEnd() {
        for (int i = 0; i < TrialFaults.MOST; i++) {
            assertThat(faults.set("f" + i, fault("{\"kind\":\"reset\",\"for_ms\":100}")))
                    .isTrue();
        }
        assertThat(faults.set("one-more", fault("{\"kind\":\"reset\"}"))).isFalse();
        assertThat(faults.set("f0", fault("{\"kind\":\"reset\",\"for_ms\":100}")))
                .isTrue();
        pass(100);
        assertThat(faults.set("one-more", fault("{\"kind\":\"reset\"}"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                | kind",
                "{\"kind\":\"flood\"}                              | kind",
                "{\"kind\":1}                                      | kind",
                "{\"kind\":\"hang\",\"share\":0}                   | share",
                "{\"kind\":\"hang\",\"share\":1.01}                | share",
                "{\"kind\":\"hang\",\"share\":\"1\"}               | share",
                "{\"kind\":\"hang\",\"route\":\"products\"}        | route",
                "{\"kind\":\"hang\",\"route\":null}                | route",
                "{\"kind\":\"hang\",\"route\":\"/a\\u000ab\"}         | route",
                "{\"kind\":\"latency\",\"delay_ms\":60001}         | delay_ms",
                "{\"kind\":\"latency\",\"delay_ms\":1.5}           | delay_ms",
                "{\"kind\":\"error\",\"status\":404}               | status",
                "{\"kind\":\"hang\",\"for_ms\":3600001}            | for_ms",
                "{\"kind\":\"hang\",\"after_ms\":3600000}          | for_ms",
                "{\"kind\":\"hang\",\"after_ms\":-1}               | after_ms",
                "{\"kind\":\"hang\",\"seed\":1E400}                | seed",
                "{\"kind\":\"hang\",\"frequency\":1}               | frequency"
            })
    void namesWhatIsWrong(String json, String field) {
        assertThat(problemsOf(json)).extracting(Problems.Violation::field).containsExactly(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"latency", "error", "hang", "reset"})
    void hasDefaultsForAllButItsKind(String kind) {
        assertThat(fault("{\"kind\":\"" + kind + "\"}"))
                .isEqualTo(new TrialFault(
                        TrialFault.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), "/", 1, 1000, 503, 0, 60_000, 0));
    }
}
