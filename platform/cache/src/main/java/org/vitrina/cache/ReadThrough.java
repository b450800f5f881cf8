package org.vitrina.cache;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a cache (single flight, freshness, copies that stand in, refresh ahead) over any {@link Store}.
 *
 * <p>A call with a copy that may stand in waits for a load until that is {@code waitForFresh} old and answers with the copy
 * then; at once where the load is older already, or the key's last one failed less than {@link FailedLoads#PAUSE} ago. A
 * load that such a call starts belongs to nobody: it runs without the request, ends by the loader's own limit and is kept.
 */
final class ReadThrough<V> implements Cache<V> {
    private static final Logger LOG = Logger.getLogger(ReadThrough.class);

    private final CacheSpec<V> spec;
    private final Store<V> store;
    private final CacheCounters counters;
    private final DoubleSupplier random;
    private final long maxStaleMs;
    private final long waitMs;
    private final long waitNanos;
    private final long loadLimitNanos;
    private final LoadClock clock;
    private final Supplier<? extends @Nullable Throwable> refusal;
    private final FailedLoads failed;
    private final ConcurrentHashMap<String, SharedLoad<V>> flights = new ConcurrentHashMap<>();

    ReadThrough(
            CacheSpec<V> spec,
            Store<V> store,
            CacheCounters counters,
            DoubleSupplier random,
            LoadTimes times,
            LoadClock clock,
            Supplier<? extends @Nullable Throwable> refusal) {
        this.spec = spec;
        this.store = store;
        this.counters = counters;
        this.random = random;
        this.maxStaleMs = spec.maxStale().toMillis();
        this.waitMs = times.waitForFresh().toMillis();
        this.waitNanos = times.waitForFresh().toNanos();
        this.loadLimitNanos = times.limit().toNanos();
        this.clock = clock;
        this.refusal = refusal;
        this.failed = new FailedLoads(spec.maxEntries(), clock);
        store.listen(this::supersede);
    }

    @Override
    public Uni<Cached<V>> get(String key, Supplier<Uni<V>> loader) {
        return Uni.createFrom().emitter(emitter -> CacheLookup.one(this, key, batchOf(key, loader), emitter));
    }

    @Override
    public Uni<Many<V>> getAll(List<String> keys, Function<List<String>, Uni<Map<String, V>>> loader) {
        if (keys.isEmpty()) {
            return Uni.createFrom().item(new Many<>(Map.of(), null));
        }
        // a key named twice is looked up twice and joins its own load: cheaper than a set for every call
        List<String> asked = List.copyOf(keys);
        return Uni.createFrom().emitter(emitter -> CacheLookup.many(this, asked, loader, emitter));
    }

    @Override
    public Uni<Cached<V>> stale(String key) {
        return staleAll(List.of(key)).map(found -> found.get(key));
    }

    @Override
    public Uni<Map<String, Cached<V>>> staleAll(List<String> keys) {
        if (keys.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return Uni.createFrom().emitter(emitter -> {
            CallerContext caller = CallerContext.current();
            store.read(keys, copies -> caller.run(() -> emitter.complete(usable(keys, copies))));
        });
    }

    private Map<String, Cached<V>> usable(List<String> keys, List<CacheEntry<V>> copies) {
        long now = now();
        Map<String, Cached<V>> found = LinkedHashMap.newLinkedHashMap(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            CacheEntry<V> copy = copies.get(i);
            if (copy != null && copy.value() != null && standsIn(copy, now)) {
                Cached.Origin origin = copy.fresh(now) ? Cached.Origin.FRESH : Cached.Origin.STALE;
                if (origin == Cached.Origin.STALE) {
                    counters.stale.increment();
                }
                found.put(keys.get(i), new Cached<>(copy.value(), copy.age(now), origin));
            }
        }
        return found;
    }

    @Override
    public Uni<Void> invalidate(String key) {
        return Uni.createFrom().emitter(emitter -> {
            supersede(key);
            store.remove(key);
            emitter.complete(null);
        });
    }

    /** What a load under way brings is not kept, and nobody joins it any more. */
    private void supersede(String key) {
        SharedLoad<V> flight = flights.remove(key);
        if (flight != null) {
            flight.supersede();
        }
        failed.remove(key);
    }

    long now() {
        return store.now();
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    long waitNanos() {
        return waitNanos;
    }

    Runnable after(long millis, Runnable step) {
        return clock.after(millis, step);
    }

    CacheCounters counters() {
        return counters;
    }

    void read(List<String> keys, Consumer<List<CacheEntry<V>>> then) {
        long begun = System.nanoTime();
        store.read(keys, copies -> {
            counters.looked(System.nanoTime() - begun);
            then.accept(copies);
        });
    }

    boolean isAskedElsewhere() {
        return store.isElsewhere();
    }

    boolean standsIn(CacheEntry<V> copy, long now) {
        return copy.standsIn(now, maxStaleMs);
    }

    /** Whether the copy may still stand in when the longest wait for a fresh value is over. */
    boolean standsInAfterAWait(CacheEntry<V> copy) {
        return standsIn(copy, now() + waitMs);
    }

    /** Whether a call with a copy of the key has nothing to wait for. */
    boolean hasNothingToWaitFor(String key) {
        if (failed.failure(key) != null) {
            return true;
        }
        SharedLoad<V> flight = flights.get(key);
        return flight != null && flight.result() == null && flight.load.startedBefore(nanoTime() - waitNanos);
    }

    boolean isLate(CacheEntry<V> copy, long now) {
        long life = copy.freshUntil() - copy.storedAt();
        return copy.freshUntil() - now < life * spec.refreshAhead();
    }

    /**
     * The call waits for whoever loads the key already, unless that is refused, else the key becomes part of its own load.
     *
     * @param copy whether the call has one to answer with
     */
    void join(CacheLookup<V> call, int index, boolean copy, String key, Load<V> own) {
        SharedLoad<V> mine = new SharedLoad<>(key, own);
        while (true) {
            SharedLoad<V> other = flights.putIfAbsent(key, mine);
            if (other == null) {
                mine.enlist(call, index, copy);
                LoadResult<V> meanwhile = landedMeanwhile(key, copy);
                if (meanwhile != null) {
                    forget(mine);
                    mine.land(meanwhile);
                    mine.tell();
                } else {
                    own.add(mine);
                    if (copy) {
                        own.keep();
                    }
                }
                return;
            }
            if (!isHung(other)) {
                Throwable refused = other.load != own && other.result() == null ? refusal.get() : null;
                if (refused != null) {
                    call.landed(index, new LoadResult<>(null, refused), other.load);
                    return;
                }
                if (other.join(call, index, copy)) {
                    return;
                }
            }
            forget(other);
        }
    }

    /** What another load of the key has brought since the call looked for copies and failures. */
    private @Nullable LoadResult<V> landedMeanwhile(String key, boolean copy) {
        CacheEntry<V> kept = store.peek(key);
        if (kept != null && kept.fresh(now())) {
            return new LoadResult<>(kept.value(), null);
        }
        Throwable failure = copy ? failed.failure(key) : null;
        return failure == null ? null : new LoadResult<>(null, failure);
    }

    private boolean isHung(SharedLoad<V> flight) {
        return flight.load.startedBefore(nanoTime() - loadLimitNanos);
    }

    /**
     * Loads the keys nobody is loading and that may be loaded now, for nobody in particular: its failure leaves the copies
     * as they are.
     */
    void refresh(CallerContext caller, List<String> keys, Function<List<String>, Uni<Map<String, V>>> loader) {
        Load<V> load = new Load<>(this);
        for (String key : keys) {
            SharedLoad<V> other = flights.get(key);
            if (failed.forbidsAnother(key) || (other != null && !isHung(other))) {
                continue;
            }
            SharedLoad<V> mine = new SharedLoad<>(key, load);
            boolean first = other == null ? flights.putIfAbsent(key, mine) == null : flights.replace(key, other, mine);
            if (first) {
                load.add(mine);
            }
        }
        if (!load.isEmpty()) {
            counters.refreshes.increment();
            caller.stripped().run(() -> load.start(loader));
        }
    }

    void forget(SharedLoad<V> flight) {
        flights.remove(flight.key, flight);
    }

    void landed(
            List<SharedLoad<V>> landing, Map<String, V> answer, Set<String> unanswered, @Nullable Throwable reason) {
        long now = now();
        long life = spec.ttl().toMillis();
        long freshUntil = now + life - (long) (life * spec.ttlJitter() * random.getAsDouble());
        long negativeUntil = now + spec.negativeTtl().toMillis();
        List<String> keys = new ArrayList<>(landing.size());
        List<CacheEntry<V>> entries = new ArrayList<>(landing.size());
        List<SharedLoad<V>> kept = new ArrayList<>(landing.size());
        for (SharedLoad<V> flight : landing) {
            V value = answer.get(flight.key);
            if (value == null && unanswered.contains(flight.key)) {
                continue;
            }
            failed.remove(flight.key);
            if (!flight.isSuperseded() && (value != null || negativeUntil > now)) {
                keys.add(flight.key);
                entries.add(new CacheEntry<>(value, now, value == null ? negativeUntil : freshUntil));
                kept.add(flight);
            } else {
                forget(flight);
            }
        }
        if (!keys.isEmpty()) {
            try {
                store.write(keys, entries, () -> kept.forEach(this::forget));
            } catch (RuntimeException unencodable) {
                LOG.warnf("cache %s: values were not kept: %s", spec.name(), unencodable);
                kept.forEach(this::forget);
            }
            for (SharedLoad<V> flight : kept) {
                if (flight.isSuperseded()) {
                    // between the look above and the write
                    store.remove(flight.key);
                }
            }
        }
        for (SharedLoad<V> flight : landing) {
            V value = answer.get(flight.key);
            if (value == null && reason != null && unanswered.contains(flight.key)) {
                fail(flight, new LoadResult<>(null, reason), reason);
            } else {
                flight.land(new LoadResult<>(value, null));
            }
        }
        landing.forEach(SharedLoad::tell);
    }

    void failed(List<SharedLoad<V>> landing, Throwable failure) {
        LOG.debugf(failure, "cache %s: a load of %d keys failed", spec.name(), landing.size());
        LoadResult<V> outcome = new LoadResult<>(null, failure);
        for (SharedLoad<V> flight : landing) {
            fail(flight, outcome, failure);
        }
        landing.forEach(SharedLoad::tell);
    }

    private void fail(SharedLoad<V> flight, LoadResult<V> outcome, Throwable failure) {
        // remembered first: who finds no load under way any more knows why
        failed.add(flight.key, flight.load.startedAt(), failure);
        forget(flight);
        flight.land(outcome);
    }

    private static <V> Function<List<String>, Uni<Map<String, V>>> batchOf(String key, Supplier<Uni<V>> loader) {
        return keys -> loader.get().map(value -> value == null ? Map.of() : Map.of(key, value));
    }
}
