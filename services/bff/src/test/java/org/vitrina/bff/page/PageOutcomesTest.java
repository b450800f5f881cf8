package org.vitrina.bff.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.client.Reason;

/** What is counted of pages, and the lines that tell of degraded ones. */
class PageOutcomesTest {
    private static final Logger LOG = Logger.getLogger(PageOutcomes.class.getName());

    private final List<String> lines = new ArrayList<>();
    private final Handler reader = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new org.jboss.logmanager.formatters.PatternFormatter("%s").format(ext(line)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final AtomicLong nanos = new AtomicLong();
    private final PageOutcomes outcomes = new PageOutcomes(new SimpleMeterRegistry(), nanos::get);

    private static LogRecord ext(LogRecord line) {
        return org.jboss.logmanager.ExtLogRecord.wrap(line);
    }

    @BeforeEach
    void read() {
        LOG.addHandler(reader);
    }

    @AfterEach
    void readNoMore() {
        LOG.removeHandler(reader);
    }

    private void page(String part, Reason reason) {
        PageOutcomes.Making page = outcomes.begin(0);
        page.part("products", null);
        page.part("cart", null);
        page.part(part, reason);
        page.part("favorites", null);
    }

    @Test
    void aDegradedPageIsALineASecondOfEachKind() {
        page("inventory", Reason.TIMEOUT);
        page("inventory", Reason.TIMEOUT);
        page("inventory", Reason.TIMEOUT);
        page("inventory", Reason.STALE);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        page("inventory", Reason.TIMEOUT);

        assertThat(lines)
                .containsExactly(
                        "A page is degraded: inventory timeout",
                        "A page is degraded: inventory stale",
                        "A page is degraded: inventory timeout, and 2 more since the last such line");
        assertThat(outcomes.counts().degraded()).containsEntry("timeout", 4L).containsEntry("stale", 1L);
    }

    @Test
    void aPageIsToldOfByItsFirstGapAndACompleteOneNotAtAll() {
        PageOutcomes.Making page = outcomes.begin(0);
        page.part("cart", Reason.TIMEOUT);
        page.part("favorites", Reason.STALE);
        page.part("products", null);
        page.part("inventory", null);
        PageOutcomes.Making complete = outcomes.begin(0);
        for (String part : List.of("cart", "favorites", "products", "inventory")) {
            complete.part(part, null);
        }

        assertThat(lines).containsExactly("A page is degraded: cart timeout");
        assertThat(outcomes.counts().complete()).isEqualTo(1);
    }
}
