package org.vitrina.predictions;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.vitrina.http.EventStreamConfig;

/** Settings of predictions. */
@ConfigMapping(prefix = "vitrina.predictions")
public interface PredictionsConfig {
    /** How old a product's latest prediction may be without asking the database, here and in proxies. */
    @WithDefault("5s")
    @DurationMin(seconds = 1)
    @DurationMax(hours = 1)
    Duration maxAge();

    /** How old it may be while the database fails or is slow. */
    @WithDefault("10m")
    @DurationMin(seconds = 0)
    @DurationMax(days = 1)
    Duration staleIfError();

    /** How long the database may take for a product's latest prediction; where there is a copy nobody waits so long. */
    @WithDefault("500ms")
    @DurationMin(millis = 10)
    Duration loadTimeout();

    Requests requests();

    /** Streams of predictions that callers asked for. */
    EventStreamConfig events();

    Recompute recompute();

    /** Predictions that callers ask for. */
    interface Requests {
        /** How long a request and its answer are kept; longer than its key (vitrina.idempotency.keep). */
        @WithDefault("72h")
        @DurationMin(hours = 1)
        Duration keep();

        /** How often older ones are removed. */
        @WithDefault("10m")
        @DurationMin(millis = 10)
        Duration purgeEvery();
    }

    /** Predicting all products anew. */
    interface Recompute {
        /** Products that are sent to the model in one transaction. */
        @WithDefault("500")
        @Min(1)
        @Max(10_000)
        int batch();

        /** Events in the outbox at which the next batch waits. */
        @WithDefault("2000")
        @Min(1)
        int waitingLimit();

        /** How often a replica looks whether there is a batch to send. */
        @WithDefault("1s")
        @DurationMin(millis = 10)
        Duration poll();
    }
}
