package org.vitrina.registry;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The replicas of one service as this process knows them, and who waits for a change. Thread-safe. */
final class ServiceList {
    private static final long UNDER_WAY = Long.MIN_VALUE;

    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    /** Ids that were deregistered here: others' older word on them does not count. */
    private final Map<String, Gone> gone = new ConcurrentHashMap<>();

    private final Queue<UniEmitter<? super Void>> watchers = new ConcurrentLinkedQueue<>();
    /** Whether the last replica has deregistered; one that only fell silent does not make a list empty. */
    private volatile boolean emptied;
    /** Whether there ever was one: who was never here leaves no empty list. */
    private volatile boolean known;

    /**
     * A replica and until when it is believed.
     *
     * @param own whether it was this process that it last registered with
     * @param writtenNanos when Redis had it from here; {@link #UNDER_WAY}: not yet
     */
    record Entry(Instance instance, long untilNanos, boolean own, long writtenNanos) {
        /** What was read of Redis from that instant on need not have it. */
        boolean isNewerThan(long readNanos) {
            return own && (writtenNanos == UNDER_WAY || writtenNanos - readNanos > 0);
        }
    }

    /**
     * A replica that was deregistered here.
     *
     * @param writtenNanos when Redis knew of it; {@link #UNDER_WAY}: not yet
     */
    private record Gone(long untilNanos, long writtenNanos) {
        /** What was read of Redis from that instant on need not know of it; what is read later is a new registration. */
        boolean isNewerThan(long readNanos) {
            return writtenNanos == UNDER_WAY || writtenNanos - readNanos > 0;
        }
    }

    ServiceList(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Registers or renews; the replica as it was before, null where there was none. */
    @Nullable
    Instance put(Instance instance, long ttlNanos) {
        gone.remove(instance.id());
        emptied = false;
        known = true;
        Entry before =
                entries.put(instance.id(), new Entry(instance, nanoTime.getAsLong() + ttlNanos, true, UNDER_WAY));
        Instance known = before == null || isOver(before) ? null : before.instance();
        if (!instance.equals(known)) {
            wake();
        }
        return known;
    }

    /** Redis has it now, or could not be told. */
    void written(String id) {
        entries.computeIfPresent(
                id,
                (same, entry) -> new Entry(entry.instance(), entry.untilNanos(), entry.own(), nanoTime.getAsLong()));
    }

    void remove(String id, long ttlNanos) {
        gone.put(id, new Gone(nanoTime.getAsLong() + ttlNanos, UNDER_WAY));
        boolean listed = entries.remove(id) != null;
        boolean last = known && entries.values().stream().allMatch(this::isOver);
        if (listed || last != emptied) {
            emptied = last;
            wake();
        }
    }

    /** Redis knows now that these have deregistered. */
    void removed(List<String> ids) {
        long now = nanoTime.getAsLong();
        ids.forEach(id -> gone.computeIfPresent(id, (same, one) -> new Gone(one.untilNanos(), now)));
    }

    /**
     * Takes over what Redis had; what it had no more is gone, wherever it was removed.
     *
     * @param kept ids that it has not, and that are here all the same
     * @param readNanos when it was asked: what came here since is newer
     */
    void replace(Map<Instance, Long> untilNanos, Set<String> kept, boolean nowEmptied, long readNanos) {
        boolean changed = false;
        Set<String> theirs = new HashSet<>();
        for (var one : untilNanos.entrySet()) {
            Instance instance = one.getKey();
            theirs.add(instance.id());
            Entry before = entries.get(instance.id());
            Gone left = gone.get(instance.id());
            if ((left == null || !left.isNewerThan(readNanos)) && (before == null || !before.isNewerThan(readNanos))) {
                changed |=
                        before == null || isOver(before) || !before.instance().equals(instance);
                entries.put(
                        instance.id(), new Entry(instance, one.getValue(), before != null && before.own(), readNanos));
            }
        }
        known |= !theirs.isEmpty();
        theirs.addAll(kept);
        changed |= entries.values()
                .removeIf(entry -> !theirs.contains(entry.instance().id()) && !entry.isNewerThan(readNanos));
        // what was read may be from before the last one was deregistered here
        boolean nothingLeft = entries.isEmpty() && (nowEmptied || (emptied && !gone.isEmpty()));
        changed |= emptied != nothingLeft;
        emptied = nothingLeft;
        if (changed) {
            wake();
        }
    }

    /** Forgets who deregistered so long ago that no older word can come any more. */
    void forgetGone() {
        long now = nanoTime.getAsLong();
        gone.values().removeIf(one -> one.untilNanos() - now < 0);
    }

    /** Drops those whose time is over. */
    void dropOver() {
        if (entries.values().removeIf(this::isOver)) {
            wake();
        }
    }

    /** Whether there is one whose time is over. */
    boolean hasOver() {
        return entries.values().stream().anyMatch(this::isOver);
    }

    boolean isEmptied() {
        return emptied;
    }

    List<Entry> own() {
        return entries.values().stream()
                .filter(entry -> entry.own() && !isOver(entry))
                .toList();
    }

    List<String> gone() {
        return List.copyOf(gone.keySet());
    }

    /** Whether that one is alive. */
    boolean has(String id) {
        Entry entry = entries.get(id);
        return entry != null && !isOver(entry);
    }

    /** How many are alive. */
    int count() {
        return (int) entries.values().stream().filter(entry -> !isOver(entry)).count();
    }

    int watchers() {
        return watchers.size();
    }

    List<Instance> alive() {
        return entries.values().stream()
                .filter(entry -> !isOver(entry))
                .map(Entry::instance)
                .sorted(Comparator.comparing(Instance::id))
                .toList();
    }

    private boolean isOver(Entry entry) {
        return entry.untilNanos() - nanoTime.getAsLong() < 0;
    }

    void watch(UniEmitter<? super Void> watcher) {
        watchers.add(watcher);
        watcher.onTermination(() -> watchers.remove(watcher));
    }

    void wake() {
        UniEmitter<? super Void> next;
        while ((next = watchers.poll()) != null) {
            next.complete(null);
        }
    }
}
