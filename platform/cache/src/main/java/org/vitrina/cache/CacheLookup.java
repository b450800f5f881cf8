package org.vitrina.cache;

import static java.util.Objects.requireNonNull;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * One caller's question for one or many keys: what was found, which loads it waits for, and its answer, on its own
 * context. The look-up and the joining run on the caller's context; landings come from any thread.
 */
final class CacheLookup<V> {
    /** Looking up, or joining loads: whoever cancels now leaves the tidying to the joining thread. */
    private static final int JOINING = 0;

    private static final int WAITING = 1;
    private static final int DONE = 2;

    private final ReadThrough<V> cache;
    private final List<String> keys;
    private final Function<List<String>, Uni<Map<String, V>>> loader;
    private final BiConsumer<@Nullable Cached<V>[], @Nullable Throwable> answer;
    private final CallerContext caller = CallerContext.current();

    private final AtomicInteger phase = new AtomicInteger(JOINING);
    private final @Nullable Cached<V>[] found;
    private List<CacheEntry<V>> copies = List.of();

    // only where something has to be loaded
    private final List<Load<V>> joined = new ArrayList<>(1);
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable Load<V> own;
    private final AtomicReference<@Nullable Wanted> wanted = new AtomicReference<>();
    private final AtomicReference<@Nullable Overdue<V>> overdue = new AtomicReference<>();
    private boolean lastTry;
    private boolean lookedTwice;

    CacheLookup(
            ReadThrough<V> cache,
            List<String> keys,
            Function<List<String>, Uni<Map<String, V>>> loader,
            BiConsumer<@Nullable Cached<V>[], @Nullable Throwable> answer) {
        this.cache = cache;
        this.keys = keys;
        this.loader = loader;
        this.answer = answer;
        this.found = newArray(keys.size());
    }

    static <V> void one(
            ReadThrough<V> cache,
            String key,
            Function<List<String>, Uni<Map<String, V>>> loader,
            UniEmitter<? super Cached<V>> emitter) {
        start(
                new CacheLookup<>(cache, List.of(key), loader, (found, failure) -> {
                    if (found[0] == null && failure != null) {
                        emitter.fail(failure);
                    } else {
                        emitter.complete(found[0]);
                    }
                }),
                emitter);
    }

    static <V> void many(
            ReadThrough<V> cache,
            List<String> keys,
            Function<List<String>, Uni<Map<String, V>>> loader,
            UniEmitter<? super Cache.Many<V>> emitter) {
        start(
                new CacheLookup<>(
                        cache,
                        keys,
                        loader,
                        (found, failure) -> emitter.complete(new Cache.Many<>(byKey(keys, found), failure))),
                emitter);
    }

    private static <V> void start(CacheLookup<V> call, UniEmitter<?> emitter) {
        emitter.onTermination(call::cancel);
        call.cache.read(call.keys, copies -> call.caller.run(() -> call.lookedUp(copies)));
    }

    private void lookedUp(List<CacheEntry<V>> read) {
        if (phase.get() == DONE) {
            return;
        }
        if (!lookedTwice && missesWhatItNeeds(read)) {
            lookedTwice = true;
            cache.read(keys, again -> caller.run(() -> lookedUp(merged(read, again))));
            return;
        }
        copies = read;
        long now = cache.now();
        int missing = 0;
        int hits = 0;
        int negative = 0;
        int awaited = 0;
        List<String> unasked = List.of();
        boolean[] absent = new boolean[keys.size()];
        for (int i = 0; i < keys.size(); i++) {
            CacheEntry<V> copy = read.get(i);
            if (copy == null || !copy.fresh(now)) {
                missing++;
                if (copy != null && cache.standsIn(copy, now) && cache.hasNothingToWaitFor(keys.get(i))) {
                    standIn(i, copy, now);
                    unasked = with(unasked, keys.get(i));
                } else {
                    absent[i] = true;
                    awaited++;
                }
                continue;
            }
            if (copy.value() == null) {
                negative++;
                continue;
            }
            hits++;
            found[i] = new Cached<>(copy.value(), copy.age(now), Cached.Origin.FRESH);
            if (cache.isLate(copy, now)) {
                unasked = with(unasked, keys.get(i));
            }
        }
        cache.counters().lookedUp(hits, negative, missing);
        if (awaited == 0) {
            finish();
        } else {
            fly(absent, awaited);
        }
        if (!unasked.isEmpty()) {
            cache.refresh(caller, unasked, loader);
        }
    }

    /** The look-up may have been too late for a copy that is there: worth another where a load is worth no wait. */
    private boolean missesWhatItNeeds(List<CacheEntry<V>> read) {
        if (!cache.isAskedElsewhere()) {
            return false;
        }
        for (int i = 0; i < read.size(); i++) {
            if (read.get(i) == null && cache.hasNothingToWaitFor(keys.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** The second look may come too late for what the first has found. */
    private static <V> List<CacheEntry<V>> merged(List<CacheEntry<V>> first, List<CacheEntry<V>> second) {
        List<CacheEntry<V>> merged = new ArrayList<>(second);
        for (int i = 0; i < merged.size(); i++) {
            if (merged.get(i) == null) {
                merged.set(i, first.get(i));
            }
        }
        return merged;
    }

    private static List<String> with(List<String> keys, String key) {
        List<String> more = keys.isEmpty() ? new ArrayList<>() : keys;
        more.add(key);
        return more;
    }

    private void fly(boolean[] absent, int count) {
        // one more than there are keys, so that landings during the joining do not end the call
        pending.set(count + 1);
        Load<V> mine = new Load<>(cache);
        own = mine;
        for (int i = 0; i < absent.length; i++) {
            if (absent[i]) {
                CacheEntry<V> copy = copies.get(i);
                boolean standsIn = copy != null && cache.standsInAfterAWait(copy);
                cache.join(this, i, standsIn, keys.get(i), mine);
            }
        }
        joined.add(mine);
        boolean gone = !phase.compareAndSet(JOINING, WAITING);
        if (gone) {
            leaveAll();
        }
        if (!mine.isEmpty()) {
            // also where this caller has gone: others may have joined
            (mine.isKept() ? caller.stripped() : caller).run(() -> mine.start(loader));
        }
        if (!gone) {
            landed();
        }
    }

    void joined(Load<V> load) {
        joined.add(load);
    }

    void landed(int index, LoadResult<V> outcome, Load<V> load) {
        Throwable failed = outcome.failure();
        if (outcome.value() != null) {
            found[index] = Cached.loaded(outcome.value());
        } else if (failed != null) {
            long now = cache.now();
            CacheEntry<V> copy = copies.get(index);
            if (copy != null && cache.standsIn(copy, now)) {
                standIn(index, copy, now);
                failure.compareAndSet(null, failed);
            } else if (load != own && !lastTry && isTimeout(failed)) {
                // perhaps another caller's shorter deadline: for this one there may be time
                retry(index);
            } else {
                failure.compareAndSet(null, failed);
            }
        }
        landed();
    }

    /** The load of a key with a copy is overdue: the copy will do, unless another key is waited for longer. */
    void standIn(int index, SharedLoad<V> flight) {
        Overdue<V> seen = overdue.get();
        while (!overdue.compareAndSet(seen, new Overdue<>(index, flight, seen))) {
            seen = overdue.get();
        }
        landed();
    }

    private void standIn(int index, CacheEntry<V> copy, long now) {
        cache.counters().stale.increment();
        found[index] = new Cached<>(requireNonNull(copy.value()), copy.age(now), Cached.Origin.STALE);
    }

    /** What has landed while another key was waited for is better than the copy. */
    private void standInForOverdue() {
        Overdue<V> first = overdue.get();
        long now = first == null ? 0 : cache.now();
        for (Overdue<V> each = first; each != null; each = each.next) {
            LoadResult<V> meanwhile = each.flight.result();
            if (meanwhile == null) {
                standIn(each.index, copies.get(each.index), now);
            } else if (meanwhile.failure() != null) {
                standIn(each.index, copies.get(each.index), now);
                failure.compareAndSet(null, meanwhile.failure());
            } else if (meanwhile.value() != null) {
                found[each.index] = Cached.loaded(meanwhile.value());
            }
        }
    }

    private void retry(int index) {
        Wanted seen = wanted.get();
        while (!wanted.compareAndSet(seen, new Wanted(index, seen))) {
            seen = wanted.get();
        }
    }

    private void landed() {
        if (pending.decrementAndGet() > 0) {
            return;
        }
        if (wanted.get() == null) {
            finish();
        } else {
            caller.run(this::flyAgain);
        }
    }

    private void flyAgain() {
        if (!phase.compareAndSet(WAITING, JOINING)) {
            return;
        }
        joined.clear();
        boolean[] absent = new boolean[keys.size()];
        int count = 0;
        for (Wanted each = wanted.getAndSet(null); each != null; each = each.next) {
            absent[each.index] = true;
            count++;
        }
        lastTry = true;
        fly(absent, count);
    }

    private void finish() {
        if (phase.getAndSet(DONE) != DONE) {
            standInForOverdue();
            caller.run(() -> answer.accept(found, failure.get()));
        }
    }

    private void cancel() {
        if (phase.getAndSet(DONE) == WAITING) {
            leaveAll();
        }
    }

    private void leaveAll() {
        for (Load<V> load : joined) {
            load.leave();
        }
    }

    /** By name, for the word has three classes here: Java's, Mutiny's, MicroProfile's; and the problem's code. */
    private static boolean isTimeout(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each.getClass().getSimpleName().equals("TimeoutException")
                    || (each instanceof ProblemException problem
                            && problem.code().equals(ErrorCode.TIMEOUT))) {
                return true;
            }
        }
        return false;
    }

    private static <V> Map<String, Cached<V>> byKey(List<String> keys, @Nullable Cached<V>[] found) {
        Map<String, Cached<V>> map = LinkedHashMap.newLinkedHashMap(keys.size());
        for (int i = 0; i < found.length; i++) {
            Cached<V> each = found[i];
            if (each != null) {
                map.put(keys.get(i), each);
            }
        }
        return Collections.unmodifiableMap(map);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of the type variable cannot be made otherwise
    private static <V> @Nullable Cached<V>[] newArray(int size) {
        return (Cached<V>[]) new Cached[size];
    }

    private record Wanted(int index, @Nullable Wanted next) {}

    private record Overdue<V>(int index, SharedLoad<V> flight, @Nullable Overdue<V> next) {}
}
