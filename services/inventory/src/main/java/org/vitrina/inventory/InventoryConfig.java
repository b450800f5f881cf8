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

    Reservations reservations();

    /** The pause between two audits of stock and reservations, in small pieces. */
    @WithDefault("1m")
    @DurationMin(millis = 1)
    Duration auditEvery();

    /** How long the audit reads a committed reservation; after that it reads the sum of them for each product. */
    @WithDefault("24h")
    @DurationMin(minutes = 1)
    Duration auditWindow();

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

    interface Reservations {
        /** How long stock is kept for an order that does not commit; longer than the saga of orders may take. */
        @WithDefault("15m")
        @DurationMin(seconds = 1)
        Duration lifetime();

        /** The pause between two looks for reservations whose time is over. */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        Duration expiryEvery();

        /** How long a released or expired reservation is remembered, and so keeps a late one of the same order out. */
        @WithDefault("30d")
        @DurationMin(minutes = 1)
        Duration retention();

        /** The pause between two looks for those that need not be remembered any longer. */
        @WithDefault("10m")
        @DurationMin(millis = 1)
        Duration purgeEvery();
    }
}
