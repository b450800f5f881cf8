package org.vitrina.notifications;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.vitrina.client.DependencyConfig;

/** Settings of notifications. */
@ConfigMapping(prefix = "vitrina.notifications")
public interface NotificationsConfig {
    /**
     * What is promised where the outcome of sending a message is unknown. {@code exactly-once}: the provider is asked by client_ref, and knows
     * idempotency keys. For a provider that can do neither: {@code at-least-once} sends again, {@code at-most-once} never
     * does, and the event becomes a dead letter.
     */
    @WithDefault("exactly-once")
    Delivery delivery();

    /** The SMS provider. Nothing is tried again within one call. */
    SmsGateway smsGateway();

    /** Messages that may be on their way to the provider at once, of this process. */
    @WithDefault("16")
    @Min(1)
    @Max(1_000)
    int parallel();

    /** Refusals by the provider after which a message is a dead letter; absence of the provider is none. */
    @WithDefault("5")
    @Min(1)
    int attempts();

    /** The pause after the first failed try; each further one is twice as long. */
    @WithDefault("500ms")
    @DurationMin(millis = 10)
    Duration firstPause();

    /** The longest pause between two tries. */
    @WithDefault("1m")
    @DurationMin(millis = 10)
    Duration longestPause();

    /** How long a message belongs to the process that tries it; then another does, knowing that the outcome is unknown. */
    @WithDefault("30s")
    @DurationMin(millis = 100)
    Duration lease();

    /** How often the table is looked at without being woken. */
    @WithDefault("500ms")
    @DurationMin(millis = 10)
    Duration poll();

    /** How long a message may be without an end before the audit says so. */
    @WithDefault("15m")
    @DurationMin(seconds = 1)
    Duration unsettledLimit();

    /** How often the audit is made for the metric. */
    @WithDefault("30s")
    @DurationMin(seconds = 1)
    Duration auditInterval();

    /**
     * How long a notification is kept once it is settled, with its text and number; never shorter than
     * {@code vitrina.queues.remember}.
     */
    @WithDefault("90d")
    @DurationMin(minutes = 1)
    Duration keep();

    /** The pause between two looks for notifications that are kept no longer. */
    @WithDefault("10m")
    @DurationMin(millis = 1)
    Duration purgeEvery();

    /** What is promised of each message. */
    enum Delivery {
        EXACTLY_ONCE,
        AT_LEAST_ONCE,
        AT_MOST_ONCE
    }

    /** The SMS provider. */
    interface SmsGateway extends DependencyConfig {
        /** Where the SMS provider's API is. */
        @Override
        @WithDefault("http://127.0.0.1:8030")
        URI url();

        /** How long it may take to answer, at most a quarter of the lease; after that the outcome is unknown. */
        @Override
        @WithDefault("3s")
        @DurationMin(millis = 10)
        @DurationMax(minutes = 1)
        Duration timeout();

        /** An answer of the provider's that is larger than this is an error. */
        @Override
        @WithDefault("64K")
        MemorySize maxAnswer();
    }
}
