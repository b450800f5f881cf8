package org.vitrina.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted of one queue. */
final class StreamMeters {
    final Counter handled;
    final Counter sent;
    final Counter dead;
    final Counter replied;
    final Counter replyGone;
    final Counter replyRefused;
    final AtomicLong lag = new AtomicLong();
    final AtomicLong underWay = new AtomicLong();

    StreamMeters(MeterRegistry registry, String queue) {
        handled = counter(registry, queue, "handled");
        sent = counter(registry, queue, "sent");
        dead = counter(registry, queue, "dead");
        replied = counter(registry, queue, "replied");
        replyGone = counter(registry, queue, "reply-gone");
        replyRefused = counter(registry, queue, "reply-refused");
        Gauge.builder("vitrina.stream.lag", lag, AtomicLong::doubleValue)
                .description("Messages that wait in the queue, those given to a process not counted")
                .tag("queue", queue)
                .register(registry);
        Gauge.builder("vitrina.stream.under.way", underWay, AtomicLong::doubleValue)
                .description("Messages in this process that are not acknowledged yet")
                .tag("queue", queue)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String queue, String outcome) {
        return Counter.builder("vitrina.stream.messages")
                .description("Messages by what became of them")
                .tag("queue", queue)
                .tag("outcome", outcome)
                .register(registry);
    }
}
