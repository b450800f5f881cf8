package org.vitrina.runtime.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Begins the spans that have no parent in this process. OpenTelemetry's own SDK samples, keeps what has ended in a bounded
 * queue and sends it from a thread of its own; without a collector named none of that is loaded.
 */
@Singleton
public class Traces {
    /** Of what has no configuration. */
    public static final Traces OFF = new Traces(null);

    /** Often enough for who looks at a trace right after it. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(1);

    private final @Nullable Sdk sdk;

    /** In a class of its own: it is loaded, and with it all of OpenTelemetry's SDK, only where there is a collector. */
    private static final class Sdk {
        private final SdkTracerProvider provider;
        private final Tracer tracer;

        Sdk(URI collector, TracesConfig config, String service) {
            var exporter = OtlpHttpSpanExporter.builder()
                    .setEndpoint(collector.resolve("/v1/traces").toString())
                    .setTimeout(config.timeout())
                    .setConnectTimeout(config.timeout())
                    // what a collector did not take is not worth a second try
                    .setRetryPolicy(null)
                    .build();
            this.provider = SdkTracerProvider.builder()
                    .setResource(Resource.builder().put("service.name", service).build())
                    .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.share())))
                    .setSpanLimits(SpanLimits.builder()
                            .setMaxNumberOfAttributes(32)
                            .setMaxAttributeValueLength(200)
                            .build())
                    .addSpanProcessor(BatchSpanProcessor.builder(new QuietExporter(exporter, collector))
                            .setMaxQueueSize(config.queue())
                            .setMaxExportBatchSize(256)
                            .setScheduleDelay(EVERY)
                            .setExporterTimeout(config.timeout())
                            .build())
                    .build();
            this.tracer = provider.get("vitrina");
        }
    }

    @Inject
    Traces(
            TracesConfig config,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "vitrina") String application) {
        this(config.url().map(url -> new Sdk(url, config, application)).orElse(null));
    }

    private Traces(@Nullable Sdk sdk) {
        this.sdk = sdk;
    }

    /** Whether there is a collector. */
    public boolean on() {
        return sdk != null;
    }

    /**
     * Begins a span.
     *
     * @param traceparent what carries its parent (W3C Trace Context), of a form that was checked; null where there is none, and
     *     the share decides
     */
    public TraceSpan begin(TraceSpan.Kind kind, String name, @Nullable String traceparent) {
        return begin(kind, name, traceparent, 0);
    }

    /** The same for what began so long ago. */
    public TraceSpan begin(TraceSpan.Kind kind, String name, @Nullable String traceparent, long nanosAgo) {
        Sdk on = sdk;
        return on == null ? TraceSpan.NONE : TraceSpan.begin(on.tracer, kind, name, parent(traceparent), nanosAgo);
    }

    /** As {@link #begin}, where only a parent makes it worth telling. */
    public TraceSpan join(TraceSpan.Kind kind, String name, @Nullable String traceparent, long nanosAgo) {
        return traceparent == null ? TraceSpan.NONE : begin(kind, name, traceparent, nanosAgo);
    }

    private static SpanContext parent(@Nullable String traceparent) {
        return traceparent == null || traceparent.length() < Traceparent.LENGTH
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(
                        traceparent.substring(3, 35),
                        traceparent.substring(36, 52),
                        TraceFlags.fromHex(traceparent, 53),
                        TraceState.getDefault());
    }

    @PreDestroy
    void close() {
        Sdk on = sdk;
        if (on != null) {
            on.provider.shutdown().join(LONGEST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
