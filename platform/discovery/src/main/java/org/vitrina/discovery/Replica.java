package org.vitrina.discovery;

import io.smallrye.stork.api.ServiceInstance;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A replica of a service, with what calls have seen of it: how many are under way, how long they take, how many failed in a row.
 * Thread-safe. The same object for as long as the replica is listed.
 */
public final class Replica implements ServiceInstance {
    private static final int LONGEST_EJECTION = 30;
    private static final long DOUBTED_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The share of one answer in the average of answer times, at least: the longer ago the last one, the larger. */
    private static final double FRESH = 0.2;
    /** In which what is known of answer times fades to a third (peak EWMA): who was slow is asked again to see whether it is. */
    private static final double FADE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final long id;
    private final Address address;
    private final Ejection ejection;
    private final LongSupplier nanoTime;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final LongAdder calls = new LongAdder();
    private volatile long failedAt;
    private volatile double averageNanos;
    private volatile long answeredAt;
    private volatile int ejections;
    private volatile long ejectedUntil;
    private volatile boolean ejected;

    /** As the registry has it. */
    record Address(String id, String host, int port, String zone, int weight, String version) {}

    /**
     * When a replica is put aside.
     *
     * @param maxFailures so many in a row
     * @param nanos for so long at first
     */
    record Ejection(int maxFailures, long nanos) {}

    Replica(long id, Address address, Ejection ejection, LongSupplier nanoTime) {
        this.id = id;
        this.address = address;
        this.ejection = ejection;
        this.nanoTime = nanoTime;
    }

    Address address() {
        return address;
    }

    int underWay() {
        return underWay.get();
    }

    /** What another call would take by what has been seen: the average time, times those before it. */
    double expectedNanos() {
        return averageNanos * remembered() * (underWay.get() + 1);
    }

    /** How much of what is known of answer times still counts, 0 to 1. */
    private double remembered() {
        return Math.exp(-(nanoTime.getAsLong() - answeredAt) / FADE_NANOS);
    }

    /** Whether it has been put aside and its time is not over. */
    boolean isEjected() {
        return ejected && ejectedUntil - nanoTime.getAsLong() > 0;
    }

    /** Whether a call has failed in the last second and none has succeeded since: others are asked before it. */
    boolean hasJustFailed() {
        return failures.get() > 0 && nanoTime.getAsLong() - failedAt < DOUBTED_NANOS;
    }

    /** A call begins; how it ends is told by {@link #end}. */
    public void begin() {
        underWay.incrementAndGet();
        calls.increment();
    }

    /**
     * A call has ended.
     *
     * @param tookNanos negative: it was given up, which says nothing
     */
    public void end(long tookNanos, boolean failed) {
        underWay.decrementAndGet();
        if (failed) {
            failed();
        } else if (tookNanos >= 0) {
            succeeded();
            double before = averageNanos;
            double share = before == 0 ? 1 : Math.max(FRESH, 1 - remembered());
            averageNanos = before + share * (tookNanos - before);
            answeredAt = nanoTime.getAsLong();
        }
    }

    private void succeeded() {
        failures.set(0);
        ejections = 0;
        ejected = false;
    }

    private void failed() {
        failedAt = nanoTime.getAsLong();
        if (failures.incrementAndGet() >= ejection.maxFailures()) {
            failures.set(0);
            eject();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // two at once are one ejection
    private void eject() {
        if (isEjected()) {
            return;
        }
        long times = Math.min(LONGEST_EJECTION, 1L << Math.min(ejections, 5));
        ejections = ejections + 1;
        ejectedUntil = nanoTime.getAsLong() + ejection.nanos() * times;
        ejected = true;
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public String getHost() {
        return address.host();
    }

    @Override
    public int getPort() {
        return address.port();
    }

    @Override
    public Optional<String> getPath() {
        return Optional.empty();
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    /** Calls by Stork's own means tell only their outcome: each belongs to a thread's call, which is not known here. */
    @Override
    public boolean gatherStatistics() {
        return true;
    }

    @Override
    public void recordStart(boolean measureTime) {
        calls.increment();
    }

    @Override
    public void recordEnd(@Nullable Throwable failure) {
        if (failure == null) {
            succeeded();
        } else {
            failed();
        }
    }

    ReplicaStatus status() {
        return new ReplicaStatus(
                address.id(),
                toString(),
                address.zone(),
                address.version(),
                address.weight(),
                isEjected() ? "put-aside" : hasJustFailed() ? "doubted" : "well",
                calls.sum(),
                underWay.get(),
                averageNanos / 1e6);
    }

    /** As in a URL. */
    @Override
    public String toString() {
        return (address.host().contains(":") ? "[" + address.host() + "]" : address.host()) + ":" + address.port();
    }
}
