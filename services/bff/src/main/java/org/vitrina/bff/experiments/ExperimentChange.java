package org.vitrina.bff.experiments;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of an experiment.
 *
 * @param by who it was; {@code guard} for the guard of a variant
 * @param from null: there was none
 * @param to null: there is none any more
 * @param why null where a person knows why
 */
@RegisterForReflection // in Redis, read and written by hand
public record ExperimentChange(
        Instant at,
        String by,
        String experiment,
        @Nullable Experiment from,
        @Nullable Experiment to,
        @Nullable String why) {}
