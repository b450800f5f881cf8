package org.vitrina.features;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of features. */
@ConfigMapping(prefix = "vitrina.features")
public interface FeaturesConfig {
    /** Whether rows are sent at all. */
    @WithDefault("true")
    boolean send();

    /** The pause between two rows. */
    @WithDefault("10s")
    @DurationMin(millis = 1)
    Duration interval();

    /** Sends one row and ends with status 0 once the broker has it; also the argument {@code --once}. */
    @WithDefault("false")
    boolean once();

    /** Prints a line for each row that was sent. */
    @WithDefault("false")
    boolean logMessages();

    /** Makes the choice of rows repeatable, the one of numpy.random.seed(N) and randint; also {@code --seed=N}. */
    Optional<@Min(0) @Max(4_294_967_295L) Long> seed();

    /** Always this row, the first is 0; also {@code --row=N}. */
    Optional<@Min(0) @Max(441) Integer> row();

    /** The longest pause between two tries while the broker is away; the first is a tenth of a second. */
    @WithDefault("5s")
    @DurationMin(millis = 100)
    Duration longestPause();
}
