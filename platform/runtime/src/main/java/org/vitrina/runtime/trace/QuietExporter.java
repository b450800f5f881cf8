package org.vitrina.runtime.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Says once that the collector is away, and once that it is back: the SDK would say it for each batch, with a stack trace. */
final class QuietExporter implements SpanExporter {
    private static final Logger LOG = Logger.getLogger(QuietExporter.class);

    private final SpanExporter exporter;
    private final URI collector;
    private final AtomicBoolean away = new AtomicBoolean();

    QuietExporter(SpanExporter exporter, URI collector) {
        this.exporter = exporter;
        this.collector = collector;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode outcome = exporter.export(spans);
        return outcome.whenComplete(() -> {
            if (away.compareAndSet(outcome.isSuccess(), !outcome.isSuccess())) {
                if (outcome.isSuccess()) {
                    LOG.infof("The collector %s takes traces again", collector);
                } else {
                    LOG.warnf("The collector %s takes no traces: they are dropped until it does", collector);
                }
            }
        });
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
