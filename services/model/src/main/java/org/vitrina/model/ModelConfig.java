package org.vitrina.model;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.vitrina.client.DependencyConfig;

/** Settings of model. */
@ConfigMapping(prefix = "vitrina.model")
public interface ModelConfig {
    /**
     * The folder of versions, {@code <version>.pmml} each, and of {@code serving.json}, which says what is used; all replicas
     * and the retraining share it. Without it there is the version that is part of the program, and no other.
     */
    Optional<Path> directory();

    /** How often the folder is looked at for another choice of versions. */
    @WithDefault("1s")
    @DurationMin(millis = 10)
    Duration watch();

    /** Over how many of the last features their drift is measured. */
    @WithDefault("5000")
    @Min(100)
    @Max(1_000_000)
    int driftWindow();

    /** Prints a line for each message: what was predicted, or why it is a dead letter. */
    @WithDefault("false")
    boolean logMessages();

    /** Whether the process learns from what metrics has collected, and ends, instead of predicting. */
    @WithDefault("false")
    boolean worker();

    Retraining retraining();

    interface Retraining {
        /** The metrics service, which has the pairs of features and truth. */
        Metrics metrics();

        /** How long the worker waits until it learns again; with 0 it learns once and ends. */
        @WithDefault("0s")
        @DurationMin(seconds = 0)
        Duration every();

        /**
         * The classifier whose parameters L1 and L2 regularise what is learned, as predictions has them; one that it has not, or 0
         * for none, makes it least squares.
         */
        @WithDefault("0")
        @Min(0)
        int classifier();

        /** The predictions service, which has the classifier's parameters. */
        Predictions predictions();

        /** With fewer pairs nothing is learned. */
        @WithDefault("200")
        @Min(50)
        int leastPairs();

        /** Of so many pairs the newest are learned from. */
        @WithDefault("100000")
        @Min(50)
        @Max(1_000_000)
        int mostPairs();

        /** The part of the mean absolute error on held-out rows by which a new version must be better to be published. */
        @WithDefault("0.01")
        @DecimalMin("0.0")
        double leastGain();

        /** The share of predictions that a new version gets when it is published; the best version before it keeps the rest. */
        @WithDefault("100")
        @Min(0)
        @Max(100)
        int share();
    }

    /** Asked once for each training, where a classifier is named. */
    interface Predictions extends DependencyConfig {
        /** Where predictions is, which has the classifier's parameters. */
        @Override
        @WithDefault("http://127.0.0.1:8007")
        URI url();
    }

    /** A page of pairs is large, and nobody waits for it. */
    interface Metrics extends DependencyConfig {
        /** Where metrics is, which has the pairs of features and truth. */
        @Override
        @WithDefault("http://127.0.0.1:8012")
        URI url();

        /** How long it may take to answer for a page of pairs, all tries together. */
        @Override
        @WithDefault("10s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 1)
        Duration timeout();

        /** A page of pairs larger than this is an error. */
        @Override
        @WithDefault("16M")
        MemorySize maxAnswer();
    }
}
