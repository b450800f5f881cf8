package org.vitrina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrina.metrics.ObservationRepository.Group;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.PostgresResource;

/** In the application of {@link MetricsTest}: templates are there in a running one only. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "metrics"))
@WithTestResource(BrokerResource.class)
@WithTestResource(LogResource.class)
class ErrorPageTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void saysNothingOfNothing() {
        ErrorReport report = ObservationService.report(HOUR, List.of(), List.of());

        assertThat(ErrorPage.html(HOUR, report)).contains("No pairs yet.").doesNotContain("<svg", "<table>");
    }

    @Test
    void aVersionsNameIsNoMarkup() {
        ErrorReport report =
                ObservationService.report(HOUR, List.of(new Group("<script>\"&", 0, 0, 1, 1, NOW)), List.of(1.0));

        assertThat(ErrorPage.html(HOUR, report))
                .contains("&lt;script&gt;&quot;&amp;")
                .doesNotContain("<script>");
    }

    @Test
    void drawsWhatItIsTold() {
        ErrorReport report = ObservationService.report(
                HOUR, List.of(new Group("1", 0, 0, 2, 6, NOW), new Group("1", 9, 59, 1, 200, NOW)), List.of(2.0, 4.0));

        assertThat(ErrorPage.html(HOUR, report))
                .contains("60 minutes until now")
                .contains("<div><span>last</span><strong>2.00</strong></div>")
                .contains("<div><span>moving mean</span><strong>3.00</strong></div>")
                .contains("<div><span>pairs</span><strong>3</strong></div>")
                .contains("<title>2026-11-24T11:59:30Z: 3.00 (2 pairs)</title>")
                .contains("<text x=\"50.0\" y=\"232.0\" text-anchor=\"start\">60 minutes ago</text>")
                .contains(">from 150</text>")
                .contains("<tr><td>1</td><td>3</td><td>68.67</td></tr>");
    }
}
