package org.vitrina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrina.metrics.ObservationRepository.Group;

class ErrorReportTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void addsGroupsUpInEveryDirection() {
        ErrorReport report = ObservationService.report(
                HOUR,
                List.of(
                        new Group("1", 0, 0, 2, 6, NOW),
                        new Group("1", 9, 59, 1, 200, NOW),
                        new Group("2", 0, 0, 1, 2, NOW)),
                List.of(2.0, 4.0));

        assertThat(report.pairs()).isEqualTo(4);
        assertThat(report.last()).isEqualTo(2.0);
        assertThat(report.movingMean()).isEqualTo(3.0);
        assertThat(report.mean()).isEqualTo(52.0);
        assertThat(report.histogram()).hasSize(10);
        assertThat(report.histogram().getFirst()).isEqualTo(new ErrorReport.Bin(0, 5.0, 3));
        assertThat(report.histogram().getLast()).isEqualTo(new ErrorReport.Bin(150, null, 1));
        assertThat(report.versions())
                .containsExactly(new ErrorReport.Version("1", 3, 206.0 / 3), new ErrorReport.Version("2", 1, 2));
        assertThat(report.overTime())
                .containsExactly(
                        new ErrorReport.Point(Instant.parse("2026-11-24T11:00:30Z"), 1, 200),
                        new ErrorReport.Point(Instant.parse("2026-11-24T11:59:30Z"), 3, 8.0 / 3));
    }

    @Test
    void saysNothingOfNothing() {
        ErrorReport report = ObservationService.report(HOUR, List.of(), List.of());

        assertThat(report.last()).isNull();
        assertThat(report.mean()).isNull();
        assertThat(report.movingMean()).isNull();
        assertThat(report.overTime()).isEmpty();
    }
}
