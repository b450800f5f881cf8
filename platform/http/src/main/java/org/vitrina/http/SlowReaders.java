package org.vitrina.http;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The connections whose other side has not taken all of its answers. Where they hold more than there is, it is not whoever
 * is answered then that gives way, but who has taken nothing for longest: that one may well be gone, and who takes little
 * by little gets all of its answer.
 */
final class SlowReaders {
    /** As exact as the connections' looks are; among those that are alike the one that holds most gives way. */
    private static final long ALIKE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<UnreadAnswers> waiting = ConcurrentHashMap.newKeySet();
    private final HeldBytes budget;

    SlowReaders(HeldBytes budget) {
        this.budget = budget;
    }

    HeldBytes budget() {
        return budget;
    }

    void add(UnreadAnswers reader) {
        waiting.add(reader);
    }

    void remove(UnreadAnswers reader) {
        waiting.remove(reader);
    }

    /**
     * From any thread: ends connections until what is held fits, or until as much is free as has been added; requests may
     * hold the rest.
     */
    void makeRoom(long added) {
        long wanted = added;
        long now = System.nanoTime();
        Comparator<UnreadAnswers> order = Comparator.<UnreadAnswers>comparingLong(
                        each -> each.stalledNanos(now) / ALIKE_NANOS)
                .thenComparingLong(UnreadAnswers::held);
        while (wanted > 0 && budget.excess() > 0) {
            UnreadAnswers slowest = waiting.stream().max(order).orElse(null);
            if (slowest == null) {
                return;
            }
            if (waiting.remove(slowest)) {
                wanted -= slowest.held();
                slowest.end();
            }
        }
    }
}
