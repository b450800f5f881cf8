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
import org.vitrina.amqp.Topology;
import org.vitrina.runtime.FailureTranslations;

/** Starts a reader for each queue that the service handles in batches. */
@Singleton
class StreamReaders {
    private final List<StreamReader> readers;
    private final boolean consume;

    StreamReaders(
            @All List<StreamHandler> handlers,
            FailureTranslations translations,
            BrokerConnections connections,
            Topology topology,
            StreamConfig config,
            BrokerConfig broker,
            MeterRegistry registry) {
        this.consume = config.consume() && broker.enabled();
        this.readers = handlers.stream()
                .filter(StreamHandler::enabled)
                .map(handler -> new StreamReader(
                        handler, translations::isNotNow, connections, topology, config, broker, registry))
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
}
