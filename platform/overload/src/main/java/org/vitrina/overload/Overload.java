package org.vitrina.overload;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Measures how late and how busy each event loop is and moves the {@link AdaptiveLimit} by it; what comes beyond it waits in
 * the {@link AdmissionQueue}.
 */
@Singleton
public class Overload {
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long IDLE_PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int PROBES_A_WINDOW = 10;

    private final AdaptiveLimit limit;
    private final AdmissionQueue queue;
    private final Vertx vertx;
    private final boolean enabled;
    private final List<LoopDelay> delays = new ArrayList<>();
    private final List<LoopLoad> loads = new ArrayList<>();
    private volatile boolean stopped;

    Overload(OverloadConfig config, Vertx vertx, MeterRegistry metrics) {
        this.vertx = vertx;
        this.enabled = config.enabled();
        this.limit = new AdaptiveLimit(
                config.minLimit(),
                config.initialLimit(),
                config.maxLimit(),
                config.targetDelay().toNanos());
        this.queue = new AdmissionQueue(
                limit,
                config.queueTarget().toNanos(),
                config.queueInterval().toNanos(),
                config.queueMemory().asLongValue(),
                System::nanoTime,
                this::scheduleLook);
        Gauge.builder("vitrina.overload.limit", limit, AdaptiveLimit::limit)
                .description("Requests that may be served at once")
                .register(metrics);
        Gauge.builder("vitrina.overload.in.flight", limit, AdaptiveLimit::inFlight)
                .description("Requests being served")
                .register(metrics);
        Gauge.builder("vitrina.overload.waiting", queue, AdmissionQueue::waiting)
                .description("Requests that wait until they may be served")
                .register(metrics);
        Gauge.builder("vitrina.overload.loop.delay", this, overload -> overload.worstDelay() / 1e9)
                .description("How late the latest event loop runs what is due")
                .baseUnit("seconds")
                .register(metrics);
        Gauge.builder("vitrina.overload.loop.load", this, Overload::highestLoad)
                .description("The share of time in which the busiest event loop has something to do; 0 where unknown")
                .register(metrics);
        countRejected(metrics, "on-arrival", AdmissionQueue::rejectedOnArrival);
        countRejected(metrics, "after-waiting", AdmissionQueue::rejectedAfterWaiting);
    }

    private void countRejected(MeterRegistry metrics, String when, ToDoubleFunction<AdmissionQueue> count) {
        FunctionCounter.builder("vitrina.overload.rejected", queue, count)
                .description("Requests answered 503 because they could not be answered in time")
                .tag("when", when)
                .register(metrics);
    }

    @SuppressWarnings("deprecation") // Vert.x 5 moves it to its internal interface
    void start(@Observes StartupEvent started) {
        if (!enabled) {
            return;
        }
        EventLoopGroup loops = vertx.nettyEventLoopGroup();
        boolean first = true;
        for (EventExecutor loop : loops) {
            LoopDelay delay = new LoopDelay();
            delays.add(delay);
            LoopLoad load = new LoopLoad();
            loads.add(load);
            new Probe(loop, delay, load, first).schedule();
            first = false;
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        stopped = true;
    }

    @Produces
    @Singleton
    ConcurrencyLimit limit() {
        return limit;
    }

    public AdaptiveLimit adaptive() {
        return limit;
    }

    public AdmissionQueue queue() {
        return queue;
    }

    public boolean enabled() {
        return enabled;
    }

    /** Requests that are served or wait for it. */
    public int unanswered() {
        return limit.inFlight() + queue.waiting();
    }

    @SuppressWarnings({"deprecation", "FutureReturnValueIgnored"}) // as in start; it runs or the loop is gone
    private void scheduleLook() {
        vertx.nettyEventLoopGroup().next().schedule(this::look, AdmissionQueue.LOOK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (queue.look()) {
            scheduleLook();
        }
    }

    private long worstDelay() {
        long worst = 0;
        for (LoopDelay delay : delays) {
            worst = Math.max(worst, delay.median());
        }
        return worst;
    }

    private double highestLoad() {
        double highest = 0;
        for (LoopLoad load : loads) {
            highest = Math.max(highest, load.share());
        }
        return highest;
    }

    /**
     * Whether a refusal may be made cheaper than the delay of the event loop can see: only beside the loops' load, or the
     * limit would rise over all that come.
     */
    public boolean seesLoad() {
        for (LoopLoad load : loads) {
            if (!load.known()) {
                return false;
            }
        }
        return !loads.isEmpty();
    }

    /** Runs on one event loop again and again and notes how late it was; one of them ends the windows. */
    private final class Probe implements Runnable {
        private final EventExecutor loop;
        private final LoopDelay delay;
        private final LoopLoad load;
        private final boolean endsWindows;
        private long due;
        private int probes;

        Probe(EventExecutor loop, LoopDelay delay, LoopLoad load, boolean endsWindows) {
            this.loop = loop;
            this.delay = delay;
            this.load = load;
            this.endsWindows = endsWindows;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // it runs or the loop is gone
        void schedule() {
            long pause = limit.near() ? PROBE_NANOS : IDLE_PROBE_NANOS;
            due = System.nanoTime() + pause;
            loop.schedule(this, pause, TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            delay.probed(now - due);
            if (++probes >= PROBES_A_WINDOW || !limit.near()) {
                probes = 0;
                load.windowEnded(now);
                if (endsWindows) {
                    limit.adapt(worstDelay(), highestLoad());
                    queue.admit();
                }
            }
            if (stopped) {
                load.close();
            } else {
                schedule();
            }
        }
    }
}
