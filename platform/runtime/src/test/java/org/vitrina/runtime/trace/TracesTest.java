package org.vitrina.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.LogLines;
import org.vitrina.testing.TraceCollector;

class TracesTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** What is ended here before anything could be taken. */
    private static final int FLOOD = 50_000;

    private record Settings(Optional<URI> url, double share, int queue, Duration timeout) implements TracesConfig {
        static Settings of(URI url, double share) {
            return new Settings(Optional.of(url), share, 512, Duration.ofMillis(500));
        }
    }

    @Test
    void withoutACollectorThereIsNothingAndNothingCarriesIt() {
        var traces = new Traces(new Settings(Optional.empty(), 1, 512, SOON), "cart");

        TraceSpan span = traces.begin(TraceSpan.Kind.SERVER, "GET", TraceCollector.recordedTraceparent());

        assertThat(traces.on()).isFalse();
        assertThat(span).isSameAs(TraceSpan.NONE);
        assertThat(span.set("a", 1).name("b").failed("c").child(TraceSpan.Kind.CLIENT, "d"))
                .isSameAs(TraceSpan.NONE);
        assertThat(span.traceparent()).isNull();
    }

    @Test
    void tellsTheCollectorOfSpansAndTheirParents() {
        try (TraceCollector collector = new TraceCollector()) {
            var traces = new Traces(Settings.of(collector.url(), 0), "cart");
            String caller = TraceCollector.recordedTraceparent();

            TraceSpan request = traces.begin(TraceSpan.Kind.SERVER, "GET", caller);
            TraceSpan statement = request.past(TraceSpan.Kind.CLIENT, "select cart_line", 1_000_000);
            statement.set("vitrina.pool.wait.ms", 3).end();
            request.name("GET /carts/{id}")
                    .set("vitrina.hedge", true)
                    .failed("timeout")
                    .end();
            traces.close();

            String trace = caller.substring(3, 35);
            List<TraceCollector.Told> told = collector.of(trace);
            assertThat(told).hasSize(2).allSatisfy(span -> assertThat(span.service())
                    .isEqualTo("cart"));
            assertThat(told.getFirst().name()).isEqualTo("select cart_line");
            assertThat(told.getFirst().parent()).isEqualTo(told.getLast().id());
            assertThat(told.getFirst().attributes()).isEqualTo(Map.of("vitrina.pool.wait.ms", "3"));
            assertThat(told.getLast().name()).isEqualTo("GET /carts/{id}");
            assertThat(told.getLast().kind()).isEqualTo("SERVER");
            assertThat(told.getLast().parent()).isEqualTo(caller.substring(36, 52));
            assertThat(told.getLast().failed()).isTrue();
            assertThat(told.getLast().attributes()).isEqualTo(Map.of("vitrina.hedge", "true", "error.type", "timeout"));
        }
    }

    @Test
    void keepsTheCallersDecisionAndDecidesByTheShareWhereThereIsNone() {
        try (TraceCollector collector = new TraceCollector()) {
            var none = new Traces(Settings.of(collector.url(), 0), "cart");
            var all = new Traces(Settings.of(collector.url(), 1), "cart");
            String wanted = TraceCollector.recordedTraceparent();
            String unwanted = TraceCollector.unrecordedTraceparent();

            assertThat(none.begin(TraceSpan.Kind.SERVER, "GET", wanted).isRecording())
                    .isTrue();
            assertThat(all.begin(TraceSpan.Kind.SERVER, "GET", unwanted).isRecording())
                    .isFalse();
            assertThat(all.begin(TraceSpan.Kind.SERVER, "GET", null).isRecording())
                    .isTrue();
            TraceSpan left = none.begin(TraceSpan.Kind.SERVER, "GET", null);
            assertThat(left.isRecording()).isFalse();
            assertThat(left.traceparent()).as("nobody further on decides anew").endsWith("-00");
            assertThat(left.recordedTraceparent()).isNull();
            assertThat(left.child(TraceSpan.Kind.CLIENT, "call")).isSameAs(TraceSpan.NONE);
            assertThat(none.join(TraceSpan.Kind.CONSUMER, "handle", null, 0)).isSameAs(TraceSpan.NONE);
            none.close();
            all.close();
        }
    }

    @Test
    void aCollectorThatIsAwayOrRefusesIsSaidOnceAndTakesAgainWhatComesLater() {
        try (TraceCollector collector = new TraceCollector();
                LogLines lines = new LogLines()) {
            var traces = new Traces(Settings.of(collector.url(), 1), "cart");
            collector.answer(503);
            await().atMost(SOON).until(() -> {
                traces.begin(TraceSpan.Kind.SERVER, "lost", null).end();
                return !lines.of(QuietExporter.class.getName()).isEmpty();
            });
            collector.answer(200);
            await().atMost(SOON).until(() -> {
                traces.begin(TraceSpan.Kind.SERVER, "kept", null).end();
                return lines.of(QuietExporter.class.getName()).size() > 1;
            });
            traces.close();

            assertThat(lines.of(QuietExporter.class.getName())).hasSize(2);
            assertThat(collector.all()).anyMatch(span -> span.name().equals("kept"));
        }
    }

    /** It accepts a connection, and never answers: the queue is full at once. */
    @Test
    void aCollectorThatHangsHoldsUpNobodyAndKeepsNoMoreThanTheQueue() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            var traces = new Traces(new Settings(Optional.of(url), 1, 512, SOON), "cart");
            // far longer than a loaded machine needs for it, far less than one answer that is waited for
            long before = System.nanoTime();
            for (int i = 0; i < FLOOD; i++) {
                traces.begin(TraceSpan.Kind.SERVER, "flood", null).end();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SOON);
            traces.close();
        }
    }
}
