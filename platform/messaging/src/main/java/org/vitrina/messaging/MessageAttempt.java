package org.vitrina.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.FailureTranslations;
import org.vitrina.runtime.OwnContext;
import org.vitrina.runtime.VertxTimer;
import org.vitrina.runtime.trace.TraceSpan;
import org.vitrina.runtime.trace.Traces;

/** One attempt at a message: by the service's handler, on a context of its own, and what its failure means. */
@Singleton
class MessageAttempt {
    private static final Logger LOG = Logger.getLogger(MessageAttempt.class);

    private final Vertx vertx;
    private final FailureTranslations translations;
    private final MeterRegistry registry;
    private final MessagingCrashPoints points;
    private final Traces traces;
    private final long largest;
    private final Duration limit;

    MessageAttempt(
            Vertx vertx,
            FailureTranslations translations,
            MeterRegistry registry,
            MessagingCrashPoints points,
            QueuesConfig config,
            Traces traces) {
        this.vertx = vertx;
        this.translations = translations;
        this.registry = registry;
        this.points = points;
        this.traces = traces;
        this.largest = config.largestMessage().asLongValue();
        // it is over, and written down, before another process may take the message for one that ended its reader
        this.limit = config.lease().multipliedBy(2).dividedBy(3);
    }

    /** Fails, at the latest, after two thirds of the lease; what is under way then goes on by itself. */
    Uni<Void> attempt(QueueHandler handler, QueueMessage message) {
        if (message.body().length() > largest) {
            return Uni.createFrom().failure(new MessageException("larger than " + largest + " bytes"));
        }
        TraceSpan span = traces.join(TraceSpan.Kind.CONSUMER, "handle " + message.queue(), message.traceparent(), 0)
                .set("messaging.system", "rabbitmq")
                .set("messaging.destination.name", message.queue());
        return onContextOfItsOwn(() -> {
                    points.beforeHandling();
                    span.attach();
                    return handler.handle(message);
                })
                .onItemOrFailure()
                .invoke((handled, failure) -> {
                    if (failure != null) {
                        span.failed("not-handled");
                    }
                    span.end();
                })
                .ifNoItem()
                .after(limit)
                .failWith(() -> new MessageException("an attempt at it took longer than " + limit))
                .invoke(() -> count(message.queue(), "handled"));
    }

    /** Work that needs a Vert.x context of its own, as Hibernate sessions belong to one. */
    <T> Uni<T> onContextOfItsOwn(Supplier<Uni<T>> work) {
        return OwnContext.call(vertx, work);
    }

    Uni<Void> pause(long millis) {
        return VertxTimer.after(vertx, millis);
    }

    /** Whether the failure says that the service can do nothing at the moment, rather than nothing with this message. */
    boolean isNotNow(Throwable failure) {
        return translations.isNotNow(failure);
    }

    /** What a dead letter says of the failure: of one that is none of ours only its kind, for its text may be a statement. */
    static String reason(Throwable failure) {
        return failure instanceof MessageException || failure instanceof ProblemException
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName() + ": the service's log says more";
    }

    void parked(QueueMessage message, int attempts, Throwable failure) {
        count(message.queue(), "parked");
        LOG.infof("A message of queue %s could not be handled (attempt %d): %s", message.queue(), attempts, failure);
    }

    private void count(String queue, String outcome) {
        registry.counter("vitrina.queue.messages", "queue", queue, "outcome", outcome)
                .increment();
    }
}
