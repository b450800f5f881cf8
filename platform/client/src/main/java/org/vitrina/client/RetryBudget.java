package org.vitrina.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps retries from multiplying an outage: they may be a share of the calls plus a few a second, no more.
 *
 * <p>A token bucket after Finagle's {@code RetryBudget}: each call pays in {@code share}, time pays in {@code perSecond},
 * each retry takes one, and at most ten seconds of {@code perSecond} are saved up.
 */
final class RetryBudget {
    private static final long UNIT = 1_000_000;
    private static final long SAVED_SECONDS = 10;
    private static final long SAVED_NANOS = TimeUnit.SECONDS.toNanos(SAVED_SECONDS);
    private static final long NANOS_PER_UNIT = TimeUnit.SECONDS.toNanos(1) / UNIT;

    private final long perCall;
    private final long retriesPerSecond;
    private final long most;
    private final LongSupplier nanoTime;
    private final AtomicLong balance;
    private final AtomicLong paidUntil;

    RetryBudget(double share, int perSecond, LongSupplier nanoTime) {
        this.perCall = (long) (share * UNIT);
        this.retriesPerSecond = perSecond;
        this.most = Math.max(UNIT, perSecond * UNIT * SAVED_SECONDS);
        this.nanoTime = nanoTime;
        this.balance = new AtomicLong(most);
        this.paidUntil = new AtomicLong(nanoTime.getAsLong());
    }

    /** A first attempt is made. */
    void call() {
        add(perCall);
    }

    /** Takes one token for a retry; false: none is left, do not retry. */
    boolean tryRetry() {
        payForTime();
        long have;
        do {
            have = balance.get();
            if (have < UNIT) {
                return false;
            }
        } while (!balance.compareAndSet(have, have - UNIT));
        return true;
    }

    /** Retries that could be made at once. */
    double available() {
        payForTime();
        return balance.get() / (double) UNIT;
    }

    private void payForTime() {
        long now = nanoTime.getAsLong();
        long since = paidUntil.get();
        // Cut before the product: it would overflow after a quarter of an hour without calls.
        long pay = Math.min(now - since, SAVED_NANOS) * retriesPerSecond / NANOS_PER_UNIT;
        if (pay > 0 && paidUntil.compareAndSet(since, now)) {
            add(pay);
        }
    }

    private void add(long amount) {
        long have;
        do {
            have = balance.get();
        } while (have < most && !balance.compareAndSet(have, Math.min(most, have + amount)));
    }
}
