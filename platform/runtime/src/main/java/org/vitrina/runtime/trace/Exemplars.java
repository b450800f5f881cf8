package org.vitrina.runtime.trace;

import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.prometheus.client.exemplars.tracer.common.SpanContextSupplier;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Names, at a histogram's bucket, the trace of one of those that fell into it, of those that are recorded: a scrape in the form
 * of OpenMetrics has it. In the place of Quarkus' own, which knows the traces of quarkus-opentelemetry only.
 */
@Singleton
class Exemplars {
    /** Without a collector nobody can look at a trace, and nothing is asked for. */
    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    Optional<ExemplarSampler> sampler(TracesConfig config) {
        return config.url().map(collector -> new DefaultExemplarSampler(new CurrentSpan()));
    }

    /** That of the Vert.x context on which something is measured. */
    private static final class CurrentSpan implements SpanContextSupplier {
        @Override
        public String getTraceId() {
            return TraceSpan.current().traceId();
        }

        @Override
        public String getSpanId() {
            return TraceSpan.current().spanId();
        }

        @Override
        public boolean isSampled() {
            return TraceSpan.current().isRecording();
        }
    }
}
