package org.vitrina.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The replicas of one service as they were last told. Kept, with its age, for as long as nothing is heard. Thread-safe. */
final class ReplicaList {
    private static final AtomicLong IDS = new AtomicLong();

    private final Replica.Ejection ejection;
    private final LongSupplier nanoTime;
    private volatile List<Replica> all = List.of();
    private volatile long toldAt;

    ReplicaList(Replica.Ejection ejection, LongSupplier nanoTime) {
        this.ejection = ejection;
        this.nanoTime = nanoTime;
        this.toldAt = nanoTime.getAsLong();
    }

    /** The registry has told these; by one watcher only. What calls have seen of those that stay is kept. */
    void told(List<Replica.Address> addresses) {
        Map<Replica.Address, Replica> known = new HashMap<>();
        all.forEach(replica -> known.put(replica.address(), replica));
        List<Replica> next = new ArrayList<>();
        for (Replica.Address address : addresses) {
            Replica same = known.get(address);
            next.add(same != null ? same : new Replica(IDS.incrementAndGet(), address, ejection, nanoTime));
        }
        all = List.copyOf(next);
        toldAt = nanoTime.getAsLong();
    }

    /** The registry has answered that they are the same. */
    void confirmed() {
        toldAt = nanoTime.getAsLong();
    }

    long ageNanos() {
        return nanoTime.getAsLong() - toldAt;
    }

    List<Replica> all() {
        return all;
    }

    /** Those that calls may go to: without those put aside, of which there are never more than half. */
    List<Replica> usable() {
        List<Replica> now = all;
        int most = now.size() / 2;
        int ejected = 0;
        for (Replica replica : now) {
            if (replica.isEjected()) {
                ejected++;
            }
        }
        if (ejected == 0) {
            return now;
        }
        List<Replica> usable = new ArrayList<>(now.size());
        int left = most;
        for (Replica replica : now) {
            if (left > 0 && replica.isEjected()) {
                left--;
            } else {
                usable.add(replica);
            }
        }
        return usable;
    }
}
