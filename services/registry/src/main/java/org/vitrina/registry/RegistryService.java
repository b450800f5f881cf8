package org.vitrina.registry;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.Draining;

/**
 * The replicas of all services. Answers come from memory, which is kept equal to what Redis has as long as it is there; so two
 * replicas of the registry answer as one, and one alone goes on without Redis.
 */
@Singleton
class RegistryService {
    private static final int RENEWALS_A_TTL = 3;
    /** More would fill the memory of whoever reads the lists. */
    private static final int MOST_SERVICES = 1000;

    private static final int MOST_INSTANCES = 1000;
    /** Well below what the client lets wait. */
    private static final int PULLS_AT_ONCE = 16;

    private static final ErrorCode TOO_MANY = new ErrorCode("too-many", 409, false, "Too many");

    private final SharedStore store;
    private final Draining draining;
    private final Duration ttl;
    private final LongSupplier nanoTime = System::nanoTime;
    private final Map<String, ServiceList> services = new ConcurrentHashMap<>();
    private Map<String, String> seen = Map.of();
    private String epoch = "";
    private volatile long syncedAt = nanoTime.getAsLong();

    @Inject
    RegistryService(SharedStore store, Draining draining, RegistryConfig config) {
        this(store, draining, config.ttl());
    }

    RegistryService(SharedStore store, Draining draining, Duration ttl) {
        this.store = store;
        this.draining = draining;
        this.ttl = ttl;
        var unused =
                draining.whenBegun().subscribe().with(begun -> services.values().forEach(ServiceList::wake));
    }

    /** @param before whether the replica was there before */
    record Registration(Registered registered, boolean before) {}

    /** @param age since when this is not known to be all that there is */
    record Answer(List<Instance> instances, Duration age) {}

    Uni<Registration> register(String service, Instance instance) {
        ServiceList list = services.get(service);
        if (list == null) {
            if (services.size() >= MOST_SERVICES) {
                throw new ProblemException(TOO_MANY, "The registry holds at most " + MOST_SERVICES + " services.");
            }
            list = list(service);
        }
        if (!list.has(instance.id()) && list.count() >= MOST_INSTANCES) {
            throw new ProblemException(TOO_MANY, "A service has at most " + MOST_INSTANCES + " replicas here.");
        }
        Instance before = list.put(instance, ttl.toNanos());
        var registered = new Registration(
                new Registered(instance, ttl.toMillis() / RENEWALS_A_TTL, ttl.toMillis()), before != null);
        ServiceList own = list;
        return store.changes()
                .put(service, instance, ttl.toMillis(), !instance.equals(before))
                .write()
                .onFailure()
                .recoverWithNull()
                .invoke(() -> own.written(instance.id()))
                .replaceWith(registered);
    }

    Uni<Void> deregister(String service, String id) {
        ServiceList list = services.get(service);
        if (list == null) {
            return Uni.createFrom().voidItem();
        }
        list.remove(id, ttl.toNanos());
        return store.changes()
                .remove(service, id, ttl.toMillis(), list.isEmptied())
                .write()
                .invoke(() -> list.removed(List.of(id)))
                .onFailure()
                .recoverWithNull();
    }

    List<KnownService> services() {
        List<KnownService> known = new ArrayList<>();
        new TreeMap<>(services).forEach((name, list) -> {
            int alive = list.count();
            if (alive > 0) {
                known.add(new KnownService(name, alive));
            }
        });
        return known;
    }

    int instances() {
        return services.values().stream().mapToInt(ServiceList::count).sum();
    }

    int watchers() {
        return services.values().stream().mapToInt(ServiceList::watchers).sum();
    }

    /** For how long Redis has not said what others have changed. */
    Duration age() {
        return store.isAbsent() ? Duration.ofNanos(nanoTime.getAsLong() - syncedAt) : Duration.ZERO;
    }

    /** Fails with 404 where there is none and none has deregistered: what is not known is not empty. */
    Answer instances(String service) {
        ServiceList list = services.get(service);
        List<Instance> alive = list == null ? List.of() : list.alive();
        if (alive.isEmpty() && (list == null || !list.isEmptied())) {
            throw new ProblemException(
                    ErrorCode.NOT_FOUND,
                    "No replica of " + service
                            + " is known here, and none has deregistered: keep the list that you have.");
        }
        return new Answer(alive, age());
    }

    /** Completes at the next change of the service's replicas, or after the time; on the caller's event loop. */
    Uni<Void> change(Vertx vertx, String service, Duration most, Supplier<Boolean> alreadyChanged) {
        Context home = vertx.getOrCreateContext();
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    if (draining.begun()) {
                        emitter.complete(null);
                        return;
                    }
                    list(service).watch(emitter);
                    // it may have changed since the look
                    if (alreadyChanged.get()) {
                        emitter.complete(null);
                    }
                })
                .ifNoItem()
                .after(most)
                .recoverWithUni(Uni.createFrom().voidItem())
                .emitOn(step -> home.runOnContext(there -> step.run()));
    }

    private ServiceList list(String service) {
        return services.computeIfAbsent(service, added -> new ServiceList(nanoTime));
    }

    /** Brings memory and Redis together; one at a time. */
    Uni<Void> synchronise() {
        services.values().forEach(ServiceList::forgetGone);
        boolean wasAbsent = store.isAbsent();
        return store.versions()
                .chain(versions -> {
                    boolean another = wasAbsent || !versions.epoch().equals(epoch);
                    Uni<Void> pushed = another && !(epoch.isEmpty() && services.isEmpty())
                            ? pushOwn()
                            : Uni.createFrom().voidItem();
                    return pushed.chain(() -> pull(versions, another)).invoke(() -> {
                        epoch = versions.epoch();
                        seen = versions.byService();
                        syncedAt = nanoTime.getAsLong();
                    });
                })
                .onFailure()
                .recoverWithUni(() -> {
                    services.values().forEach(ServiceList::dropOver);
                    return Uni.createFrom().voidItem();
                });
    }

    /** Redis has lost, or missed, what came here. */
    private Uni<Void> pushOwn() {
        SharedStore.Changes changes = store.changes();
        Map<ServiceList, List<String>> removed = new HashMap<>();
        services.forEach((service, list) -> {
            removed.put(list, list.gone());
            list.gone().forEach(id -> changes.remove(service, id, ttl.toMillis(), list.isEmptied()));
            list.own().forEach(entry -> put(changes, service, entry));
        });
        return changes.write().invoke(() -> removed.forEach(ServiceList::removed));
    }

    private void put(SharedStore.Changes changes, String service, ServiceList.Entry entry) {
        long left = TimeUnit.NANOSECONDS.toMillis(entry.untilNanos() - nanoTime.getAsLong());
        changes.put(service, entry.instance(), Math.max(1, left), true);
    }

    /** Of each service that another replica of the registry has changed, or may have renewed. */
    private Uni<Void> pull(SharedStore.Versions versions, boolean all) {
        return Multi.createFrom()
                .iterable(versions.byService().entrySet())
                .filter(each -> all
                        || !each.getValue().equals(seen.get(each.getKey()))
                        || list(each.getKey()).hasOver())
                .onItem()
                .transformToUni(each -> pull(each.getKey(), list(each.getKey())))
                .merge(PULLS_AT_ONCE)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private Uni<Void> pull(String service, ServiceList list) {
        long asked = nanoTime.getAsLong();
        Map<String, ServiceList.Entry> own = new HashMap<>();
        list.own().forEach(entry -> own.put(entry.instance().id(), entry));
        return store.list(service, own.keySet()).chain(stored -> {
            takeOver(list, stored, asked);
            SharedStore.Changes changes = store.changes();
            own.forEach((id, entry) -> {
                if (stored.lost().contains(id) && list.has(id)) {
                    put(changes, service, entry);
                }
            });
            return changes.write();
        });
    }

    private void takeOver(ServiceList list, SharedStore.StoredList stored, long asked) {
        long now = nanoTime.getAsLong();
        Map<Instance, Long> until = new HashMap<>();
        for (SharedStore.Stored one : stored.instances()) {
            // a clock that was put back there gives nobody a longer life here
            long left = Math.min(ttl.toMillis(), one.millisLeft());
            until.put(one.instance(), now + TimeUnit.MILLISECONDS.toNanos(left));
        }
        list.replace(until, stored.lost(), stored.emptied(), asked);
    }
}
