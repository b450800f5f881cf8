package org.vitrina.testing.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table that is right is accepted, and each kind of difference is told. */
class ConfigCheckTest {
    private static final String TABLE =
            """
            size            | 5    | 6        | 1..10
            pause           | 50ms | 1s       | 10ms..
            name            | me   | you      | NotBlank
            row             | -    | 3        | 0..
            queues.*.key    | !    | k        |
            queues.*.lasts  | 1s   | 2s       |        | soon, later
            call, other-call:
            url             | !    | http://x |
            """;

    @ConfigMapping(prefix = "vitrina.sample")
    public interface Sample {
        @WithDefault("5")
        @Min(1)
        @Max(10)
        int size();

        @WithDefault("50ms")
        @DurationMin(millis = 10)
        Duration pause();

        @WithDefault("me")
        @NotBlank
        String name();

        Optional<@Min(0) Integer> row();

        Call call();

        Call otherCall();

        Map<String, Queue> queues();
    }

    public interface Call {
        URI url();
    }

    public interface Queue {
        String key();

        @WithDefault("1s")
        Duration lasts();
    }

    @Test
    void acceptsATableThatIsRight() {
        ConfigCheck.of(Sample.class, TABLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "size            | 5    | 6        | 1..10;;vitrina.sample.size",
                "size            | 5    |; size | 4 |;default of vitrina.sample.size",
                "1..10; 1..9;bounds of vitrina.sample.size",
                "1..10; 1..;bounds of vitrina.sample.size",
                "10ms..; 9ms..;bounds of vitrina.sample.pause",
                "NotBlank; ;bounds of vitrina.sample.name",
                "0..;1..;bounds of vitrina.sample.row",
                "| 6  ; | 5;another value of vitrina.sample.size",
                "row             | -;row | 1;default of vitrina.sample.row",
                "| NotBlank; | NotBlank | someone;vitrina.sample.name=someone",
                "| 50ms; | !;there is no vitrina.sample.pause",
                "soon, later;3s;vitrina.sample.queues.any.lasts=3s",
                "other-call:;others:;vitrina.sample.others.url"
            })
    void tellsWhatIsNotAsRecorded(String right, String wrong, String told) {
        assertThatThrownBy(() -> ConfigCheck.of(Sample.class, TABLE.replace(right, wrong == null ? "" : wrong)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(told);
    }
}
