package org.vitrina.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the requests that are not answered yet hold of the memory, all connections together: what has come of unfinished
 * ones, and bodies that are being worked on. Its last quarter is kept for small ones, so that who sends little is served
 * beside those who hold all that they may.
 */
@Singleton
class HeldBytes {
    static final int SMALL = 8 * 1024;

    /** Of the heap: requests become objects several times as large as they are. */
    private static final int SHARE = 8;

    private final AtomicLong held = new AtomicLong();
    private final long most;

    @Inject
    HeldBytes(HttpConfig config, MeterRegistry metrics) {
        this(config.maxHeld()
                .map(MemorySize::asLongValue)
                .orElse(Runtime.getRuntime().maxMemory() / SHARE));
        Gauge.builder("vitrina.http.held", this, HeldBytes::held)
                .description("What requests that are not answered yet hold of the memory")
                .baseUnit("bytes")
                .register(metrics);
    }

    HeldBytes(long most) {
        this.most = most;
    }

    /** A connection holds {@code to} bytes instead of {@code from}; false when that is more than there is for it. */
    boolean change(long from, long to) {
        long now = held.addAndGet(to - from);
        return to <= from || now <= (to <= SMALL ? most : mostForLarge());
    }

    /** How much more is held than large ones may. */
    long excess() {
        return Math.max(0, held.get() - mostForLarge());
    }

    private long mostForLarge() {
        return most - most / 4;
    }

    long held() {
        return held.get();
    }
}
