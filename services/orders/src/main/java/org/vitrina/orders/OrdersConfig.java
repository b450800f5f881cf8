package org.vitrina.orders;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.vitrina.client.DependencyConfig;
import org.vitrina.http.EventStreamConfig;

/** Settings of orders. */
@ConfigMapping(prefix = "vitrina.orders")
public interface OrdersConfig {
    /** The user who is meant where a request names none (authentication off). */
    @WithDefault("3")
    @Min(1)
    int defaultUser();

    /** Whether orders are placed and cancelled only with {@code If-Match} (428 without). */
    @WithDefault("false")
    boolean requireIfMatch();

    /** The time limit of a read, where the caller asks for no less. */
    @WithDefault("1s")
    Duration readDeadline();

    /** How long before its deadline a request is answered 202 if its order is not decided. */
    @WithDefault("200ms")
    @DurationMin
    Duration answerReserve();

    /** How long readiness waits for prices at the start; without any the service is ready then. */
    @WithDefault("2s")
    @DurationMin
    Duration warmUp();

    /** How orders are brought to their end. */
    SagaConfig saga();

    /** Live order states. */
    EventStreamConfig events();

    /** The continuous look at whether all is consistent. */
    AuditConfig audit();

    /** What is personal about orders. */
    AddressConfig addresses();

    /** The catalogue: prices. */
    SagaDependency products();

    /** The wallet: debits. */
    SagaDependency wallet();

    /** Inventory: reservations. */
    SagaDependency inventory();

    /** Notifications: which events it has taken. No order waits for it. */
    SagaDependency notifications();

    /** A dependency of the saga: an order is worth many pages, and there are fewer. */
    interface SagaDependency extends DependencyConfig {
        /** Connections open at once. */
        @Override
        @WithDefault("64")
        @Min(1)
        int maxConnections();

        /** Calls that may wait for a connection; one more fails as overloaded. */
        @Override
        @WithDefault("2048")
        @Min(0)
        int maxWaiting();
    }

    /** How orders are brought to their end. */
    interface SagaConfig {
        /** How long an order belongs to the instance that works on it; after that any may take it. */
        @WithDefault("10s")
        @DurationMin(millis = 100)
        Duration lease();

        /** How old an order may get without debit and reservation; then it is undone. Shorter than a reservation lasts. */
        @WithDefault("10m")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 14)
        Duration limit();

        /** Pause after a step's first failure; it doubles with each further one. */
        @WithDefault("200ms")
        @DurationMin(millis = 1)
        Duration firstPause();

        /** The longest pause between two tries of a step. */
        @WithDefault("30s")
        @DurationMin(millis = 1)
        Duration longestPause();

        /** How often an instance looks for orders that nobody works on. */
        @WithDefault("500ms")
        @DurationMin(millis = 10)
        Duration sweepInterval();

        /** How many of them it works on at once. */
        @WithDefault("64")
        @Min(1)
        @Max(1_000)
        int sweepBatch();

        /** How long finished orders are gathered before they are marked so together. */
        @WithDefault("25ms")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 1)
        Duration gather();
    }

    /** What is personal about orders. */
    interface AddressConfig {
        /** How long after it was placed a settled order keeps address and phone number. */
        @WithDefault("365d")
        @DurationMin(minutes = 1)
        Duration keep();

        /** The pause between two looks for orders that keep them no longer. */
        @WithDefault("10m")
        @DurationMin(millis = 1)
        Duration purgeEvery();
    }

    /** The continuous look at whether all is consistent. */
    interface AuditConfig {
        /** How often it is made for the gauge. */
        @WithDefault("1m")
        @DurationMin(millis = 100)
        Duration interval();

        /** How far it looks back. */
        @WithDefault("24h")
        @DurationMin(minutes = 1)
        Duration window();

        /** How long after it was sent an event must have been taken by notifications before the audit says so. */
        @WithDefault("10m")
        @DurationMin(seconds = 1)
        Duration untakenLimit();
    }
}
