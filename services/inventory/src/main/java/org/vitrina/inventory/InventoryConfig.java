package org.vitrina.inventory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalLong;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of inventory. */
@ConfigMapping(prefix = "vitrina.inventory")
public interface InventoryConfig {
    /** Where levels come from: {@code real} (PostgreSQL), or {@code simulated} (random, late, no database needed). */
    @WithDefault("real")
    Mode mode();

    Simulated simulated();

    enum Mode {
        REAL,
        SIMULATED
    }

    interface Simulated {
        /** The longest a simulated level takes; each takes a random whole number of seconds from 0 up to it. */
        @WithDefault("5s")
        @DurationMin
        @DurationMax(minutes = 1)
        Duration maxDelay();

        /** Start of the random sequence, so that a run can be repeated; without it every run differs. */
        OptionalLong seed();
    }
}
