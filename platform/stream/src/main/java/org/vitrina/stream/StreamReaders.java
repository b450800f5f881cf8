package org.vitrina.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.core.FailureTranslation;
import org.vitrina.core.ProblemException;

/** Starts a reader for each queue that the service handles in batches. */
@Singleton
class StreamReaders {
    private final List<StreamReader> readers;
    private final List<FailureTranslation> translations;
    private final boolean consume;

    StreamReaders(
            @All List<StreamHandler> handlers,
            @All List<FailureTranslation> translations,
            BrokerConnections connections,
            StreamNames names,
            StreamConfig config,
            BrokerConfig broker,
            MeterRegistry registry) {
        this.translations = translations;
        this.consume = config.consume() && broker.enabled();
        this.readers = handlers.stream()
                .filter(StreamHandler::enabled)
                .map(handler -> new StreamReader(handler, this::isNotNow, connections, names, config, broker, registry))
                .toList();
    }

    void start(@Observes StartupEvent started) {
        if (consume) {
            readers.forEach(StreamReader::start);
        }
    }

    void stop(@Observes ShutdownEvent ending) {
        readers.forEach(StreamReader::stop);
    }

    /** Whether the failure says that the service can do nothing at the moment, rather than nothing with these messages. */
    private boolean isNotNow(Throwable failure) {
        Throwable translated = failure;
        for (FailureTranslation translation : translations) {
            translated = translation.translate(translated);
        }
        return translated instanceof ProblemException problem && problem.code().retryable();
    }
}
