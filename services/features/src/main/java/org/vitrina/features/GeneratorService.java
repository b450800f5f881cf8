package org.vitrina.features;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.runtime.GrowingPause;
import org.vitrina.stream.StreamSender;
import org.vitrina.stream.StreamSender.Letter;

/**
 * Sends a random row again and again: its truth to {@code y_true}, its features to {@code features}, with one id. A row is
 * chosen once, and sent until the broker has confirmed both; while the broker is away it alone waits.
 */
@Singleton
class GeneratorService {
    private static final Logger LOG = Logger.getLogger(GeneratorService.class);
    private static final String TRUTH = "y_true";
    private static final String FEATURES = "features";

    private final FeaturesConfig config;
    private final StreamSender sender;
    private final ObjectMapper json;
    private final Vertx vertx;
    private final IntSupplier chosen;
    private final Counter rows;
    private volatile boolean stopped;
    private volatile Sent sent = new Sent(0, false, null, null);

    GeneratorService(
            FeaturesConfig config, StreamSender sender, ObjectMapper json, Vertx vertx, MeterRegistry registry) {
        this.config = config;
        this.sender = sender;
        this.json = json;
        this.vertx = vertx;
        int count = Diabetes.rows().size();
        this.chosen = config.seed()
                .map(seed -> RowChoice.asNumpy((int) (long) seed, count))
                .orElseGet(() -> RowChoice.random(count));
        this.rows = Counter.builder("vitrina.features.rows")
                .description("Rows that the broker has confirmed, with their truth")
                .register(registry);
    }

    void start(@Observes StartupEvent started) {
        if (config.send() || config.once()) {
            vertx.setTimer(1, fired -> next());
        }
    }

    void stop(@Observes ShutdownEvent ending) {
        stopped = true;
    }

    Sent sent() {
        return sent;
    }

    /** The index of the next row. */
    int choose() {
        return config.row().orElseGet(chosen::getAsInt);
    }

    private void next() {
        int row = choose();
        String id = UUID.randomUUID().toString();
        send(id, row, letters(id, Diabetes.rows().get(row)), new GrowingPause(config.longestPause()));
    }

    /** The truth first: what is predicted can be compared as soon as it is there. */
    private List<Letter> letters(String id, Diabetes.Row row) {
        return List.of(
                letter(TRUTH, Map.of("id", id, "value", row.target())),
                letter(FEATURES, Map.of("id", id, "features", row.features())));
    }

    private Letter letter(String queue, Map<String, Object> body) {
        try {
            return new Letter(queue, json.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers are always JSON", e);
        }
    }

    private void send(String id, int row, List<Letter> letters, GrowingPause pause) {
        var unused = sender.send(letters).subscribe().with(done -> confirmed(id, row, pause), failure -> {
            if (stopped) {
                return;
            }
            if (pause.isFresh()) {
                sent = new Sent(sent.rows(), true, sent.lastId(), sent.lastRow());
                LOG.warnf("A row cannot be sent at the moment, it waits: %s", failure);
            }
            vertx.setTimer(Math.max(1, pause.next()), fired -> send(id, row, letters, pause));
        });
    }

    private void confirmed(String id, int row, GrowingPause pause) {
        if (!pause.isFresh()) {
            LOG.info("Rows are being sent again");
        }
        rows.increment();
        sent = new Sent(sent.rows() + 1, false, id, row);
        if (config.once() || config.logMessages()) {
            Diabetes.Row values = Diabetes.rows().get(row);
            LOG.infof("Row %d was sent with id %s: truth %s, features %s", row, id, values.target(), values.features());
        }
        if (config.once()) {
            Quarkus.asyncExit(0);
        } else if (!stopped) {
            vertx.setTimer(config.interval().toMillis(), fired -> next());
        }
    }
}
