package org.vitrina.notifications;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.vitrina.runtime.GrowingPause;
import org.vitrina.runtime.OwnContext;
import org.vitrina.runtime.trace.TraceSpan;
import org.vitrina.runtime.trace.Traces;

/**
 * Keeps notifications on their way: takes those that are due, so many at once, looks again when it is woken and now and
 * then. While the provider is away it tries one at a time, with growing pauses: the provider is not overloaded, nothing is lost.
 */
@Singleton
class NotificationSender {
    private static final Logger LOG = Logger.getLogger(NotificationSender.class);
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final NotificationRepository repository;
    private final Delivery delivery;
    private final NotificationsConfig config;
    private final MeterRegistry registry;
    private final Traces traces;
    private final Vertx vertx;
    private final Context context;
    private final GrowingPause rest;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean stopped;

    // used on the context only
    private int underWay;
    private boolean looking;
    private boolean again;
    private boolean resting;
    private long timer = -1;

    NotificationSender(
            NotificationRepository repository,
            Delivery delivery,
            NotificationsConfig config,
            MeterRegistry registry,
            Traces traces,
            Vertx vertx) {
        this.repository = repository;
        this.delivery = delivery;
        this.config = config;
        this.registry = registry;
        this.traces = traces;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        Duration longest = config.longestPause();
        this.rest = new GrowingPause(longest.compareTo(LONGEST_REST) < 0 ? longest : LONGEST_REST);
    }

    void start(@Observes StartupEvent started) {
        wake();
    }

    void stop(@Observes ShutdownEvent ending) {
        stopped = true;
    }

    /** From any thread: there is something to send. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            context.runOnContext(there -> {
                woken.set(false);
                look();
            });
        }
    }

    private void look() {
        if (looking) {
            again = true;
            return;
        }
        int room = rest.isFresh() ? config.parallel() - underWay : Math.min(1, 1 - underWay);
        if (stopped || resting || room <= 0) {
            return;
        }
        looking = true;
        again = false;
        OwnContext.run(context, () -> {
            // what is claimed after the end of its own lease may be another's by now, and is due again
            var unused = repository
                    .claim(room, config.lease())
                    .ifNoItem()
                    .after(config.lease())
                    .fail()
                    .subscribe()
                    .with(
                            claimed -> context.runOnContext(there -> begin(claimed, claimed.size() == room)),
                            failure -> context.runOnContext(there -> {
                                LOG.debugf(failure, "notifications wait");
                                looking = false;
                                later();
                            }));
        });
    }

    private void begin(List<Claimed> claimed, boolean full) {
        looking = false;
        if (!claimed.isEmpty()) {
            NotificationsCrashPoints.afterClaim();
        }
        underWay += claimed.size();
        claimed.forEach(this::tryOne);
        if (again || full) {
            look();
        }
        later();
    }

    private void tryOne(Claimed one) {
        OwnContext.run(context, () -> {
            TraceSpan span = traces.join(TraceSpan.Kind.INTERNAL, "deliver notification", one.traceparent(), 0)
                    .set("vitrina.attempt", one.tries() + 1)
                    .attach();
            var unused = delivery.tryOnce(one)
                    .onItemOrFailure()
                    .invoke((outcome, failure) -> span.set(
                                    "vitrina.outcome", failure == null ? outcome(outcome) : "not-recorded")
                            .end())
                    // it counts as under way no longer than it can matter
                    .ifNoItem()
                    .after(config.lease().multipliedBy(2))
                    .fail()
                    .subscribe()
                    .with(outcome -> context.runOnContext(there -> ended(outcome)), failure -> {
                        // its lease ends, and whoever takes it then knows that its outcome is unknown
                        LOG.debugf(failure, "what came of event %s could not be written down", one.eventId());
                        context.runOnContext(there -> {
                            underWay--;
                            later();
                        });
                    });
        });
    }

    private void ended(SendOutcome outcome) {
        underWay--;
        registry.counter("vitrina.notifications.tries", "outcome", outcome(outcome))
                .increment();
        if (outcome instanceof SendOutcome.Away
                || (outcome instanceof SendOutcome.Unknown unknown && !unknown.answered())) {
            rest(outcome);
        } else {
            if (!rest.isFresh()) {
                LOG.info("The provider is back");
                rest.reset();
            }
            look();
        }
    }

    private void rest(SendOutcome outcome) {
        if (resting) {
            return;
        }
        if (rest.isFresh()) {
            LOG.warnf("The provider does not take messages at the moment, they wait: %s", outcome);
        }
        resting = true;
        vertx.setTimer(rest.next(), over -> {
            resting = false;
            look();
        });
    }

    private void later() {
        if (timer == -1 && !stopped) {
            timer = vertx.setTimer(config.poll().toMillis(), fired -> {
                timer = -1;
                look();
                later();
            });
        }
    }

    private static String outcome(SendOutcome outcome) {
        return switch (outcome) {
            case SendOutcome.Accepted accepted -> "accepted";
            case SendOutcome.Absent absent -> "absent";
            case SendOutcome.Refused refused -> "refused";
            case SendOutcome.Away away -> "away";
            case SendOutcome.Unknown unknown -> "unknown";
        };
    }
}
