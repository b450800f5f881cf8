package org.vitrina.runtime.trace;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Settings of the traces that a process sends. */
@ConfigMapping(prefix = "vitrina.traces")
public interface TracesConfig {
    /** Where spans go, as OTLP over HTTP, such as http://otel-collector:4318; without it there are none, and they cost nothing. */
    Optional<URI> url();

    /** The share of traces, from 0 to 1, that is recorded where no caller has decided; a caller's own decision is kept. */
    @WithDefault("0.05")
    @DecimalMin("0")
    @DecimalMax("1")
    double share();

    /** How many ended spans may wait for the collector; what comes beyond them is dropped. */
    @WithDefault("4096")
    @Min(512)
    @Max(65536)
    int queue();

    /** How long the collector may take for a batch, which is dropped then. */
    @WithDefault("5s")
    Duration timeout();
}
