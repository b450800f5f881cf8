package org.vitrina.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What all replicas of the registry share, in Redis: {@code vitrina:services} has a version for each service, {@code
 * vitrina:services:<name>} the ids of its replicas, {@code vitrina:services:<name>:<id>} a replica, with a TTL. Redis may be
 * absent: what fails is left, and nothing is asked for a second after that.
 */
@Singleton
class SharedStore {
    private static final Logger LOG = Logger.getLogger(SharedStore.class);

    private static final String VERSIONS = "vitrina:services";
    private static final String PREFIX = VERSIONS + ":";
    /** Another one says that Redis has lost everything. */
    private static final String EPOCH = "vitrina:registry:epoch";
    /** Services whose last replica has deregistered. */
    private static final String EMPTIED = "vitrina:registry:emptied";

    /** Of a replica that has deregistered, for as long as another replica of the registry may believe otherwise. */
    private static final String DEREGISTERED = "vitrina:registry:deregistered:";

    private static final String FORGET =
            "if redis.call('exists', KEYS[2]) == 0 then" + " return redis.call('srem', KEYS[1], ARGV[1]) end return 0";
    private static final int MOST_AT_ONCE = 1000;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Redis redis;
    private final ObjectMapper json;
    private final Duration timeout;
    private volatile boolean absent;
    private volatile long absentUntil;

    @Inject
    SharedStore(Redis redis, ObjectMapper json, RegistryConfig config) {
        this(redis, json, config.redisTimeout());
    }

    SharedStore(Redis redis, ObjectMapper json, Duration timeout) {
        this.redis = redis;
        this.json = json;
        this.timeout = timeout;
    }

    /**
     * What has changed is told by it.
     *
     * @param epoch which life of Redis this is
     */
    record Versions(String epoch, Map<String, String> byService) {}

    /** A replica and the milliseconds that it has left. */
    record Stored(Instance instance, long millisLeft) {}

    /**
     * The replicas of a service.
     *
     * @param emptied whether the last one has deregistered
     * @param lost those of the caller's own that are not there and that nobody has deregistered: a clock was put on there
     */
    record StoredList(List<Stored> instances, boolean emptied, Set<String> lost) {}

    /** Whether Redis did not answer when it was last asked. */
    boolean isAbsent() {
        return absent;
    }

    Uni<Versions> versions() {
        return asked(() -> send(command(Command.SET, EPOCH, UUID.randomUUID().toString(), "NX"))
                .chain(made -> batch(List.of(command(Command.GET, EPOCH), command(Command.HGETALL, VERSIONS))))
                .map(answers -> {
                    Map<String, String> byService = new HashMap<>();
                    Response all = answers.get(1);
                    for (String service : all.getKeys()) {
                        byService.put(service, all.get(service).toString());
                    }
                    return new Versions(answers.get(0).toString(), byService);
                }));
    }

    /** @param own ids that are alive by what the caller was told itself */
    Uni<StoredList> list(String service, Set<String> own) {
        return asked(() -> batch(List.of(
                        command(Command.SMEMBERS, PREFIX + service), command(Command.HEXISTS, EMPTIED, service)))
                .chain(answers -> {
                    List<String> ids = new ArrayList<>();
                    answers.get(0).forEach(id -> ids.add(id.toString()));
                    boolean emptied = answers.get(1).toInteger() == 1;
                    return read(service, ids).chain(found -> lost(service, own, found)
                            .map(lost -> new StoredList(found, emptied, lost)));
                }));
    }

    private Uni<Set<String>> lost(String service, Set<String> own, List<Stored> found) {
        List<String> absent = new ArrayList<>(own);
        found.forEach(one -> absent.remove(one.instance().id()));
        return batch(absent.stream()
                        .map(id -> command(Command.EXISTS, deregistered(service, id)))
                        .toList())
                .map(answers -> {
                    Set<String> lost = new HashSet<>();
                    for (int i = 0; i < absent.size(); i++) {
                        if (answers.get(i).toInteger() == 0) {
                            lost.add(absent.get(i));
                        }
                    }
                    return lost;
                });
    }

    private Uni<List<Stored>> read(String service, List<String> ids) {
        List<Request> reads = new ArrayList<>();
        for (String id : ids) {
            reads.add(command(Command.GET, key(service, id)));
            reads.add(command(Command.PTTL, key(service, id)));
        }
        return batch(reads).chain(answers -> {
            List<Stored> found = new ArrayList<>();
            List<Request> forget = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                Instance instance = instance(answers.get(2 * i));
                if (instance == null) {
                    forget.add(
                            command(Command.EVAL, FORGET, "2", PREFIX + service, key(service, ids.get(i)), ids.get(i)));
                } else {
                    found.add(new Stored(
                            instance, Math.max(1, answers.get(2 * i + 1).toLong())));
                }
            }
            return batch(forget).replaceWith(found);
        });
    }

    private @Nullable Instance instance(@Nullable Response value) {
        try {
            return value == null ? null : json.readValue(value.toString(), Instance.class);
        } catch (JsonProcessingException foreign) {
            LOG.warnf("A key of ours in Redis is no replica and is left out: %s", foreign.getOriginalMessage());
            return null;
        }
    }

    /** What is to be written, in as few steps as the client takes. */
    final class Changes {
        private final List<Request> writes = new ArrayList<>();

        /** @param changed whether the other replicas of the registry must look */
        Changes put(String service, Instance instance, long millis, boolean changed) {
            writes.add(command(Command.SET, key(service, instance.id()), text(instance), "PX", Long.toString(millis)));
            writes.add(command(Command.SADD, PREFIX + service, instance.id()));
            if (changed) {
                writes.add(command(Command.HDEL, EMPTIED, service));
                writes.add(command(Command.DEL, deregistered(service, instance.id())));
                writes.add(command(Command.HINCRBY, VERSIONS, service, "1"));
            }
            return this;
        }

        /** @param millis for so long nobody puts it back by an older word */
        Changes remove(String service, String id, long millis, boolean emptied) {
            writes.add(command(Command.SET, deregistered(service, id), "", "PX", Long.toString(millis)));
            writes.add(command(Command.DEL, key(service, id)));
            writes.add(command(Command.SREM, PREFIX + service, id));
            if (emptied) {
                writes.add(command(Command.HSET, EMPTIED, service, "1"));
            }
            writes.add(command(Command.HINCRBY, VERSIONS, service, "1"));
            return this;
        }

        Uni<Void> write() {
            return writes.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : asked(() -> batch(writes)).replaceWithVoid();
        }
    }

    Changes changes() {
        return new Changes();
    }

    private static String key(String service, String id) {
        return PREFIX + service + ":" + id;
    }

    private static String deregistered(String service, String id) {
        return DEREGISTERED + service + ":" + id;
    }

    private String text(Instance instance) {
        try {
            return json.writeValueAsString(instance);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a replica cannot be written as JSON", e);
        }
    }

    private static Request command(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return request;
    }

    private Uni<Response> send(Request request) {
        return redis.send(request);
    }

    /** No more at once than the client lets wait on a connection. */
    private Uni<List<Response>> batch(List<Request> requests) {
        if (requests.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        if (requests.size() <= MOST_AT_ONCE) {
            return redis.batch(requests);
        }
        return redis.batch(requests.subList(0, MOST_AT_ONCE))
                .chain(first -> batch(requests.subList(MOST_AT_ONCE, requests.size()))
                        .map(rest -> {
                            List<Response> all = new ArrayList<>(first);
                            all.addAll(rest);
                            return all;
                        }));
    }

    private <T> Uni<T> asked(Supplier<Uni<T>> question) {
        return Uni.createFrom().deferred(() -> {
            if (absent && absentUntil - System.nanoTime() > 0) {
                return Uni.createFrom().failure(new IllegalStateException("Redis is absent"));
            }
            return question.get()
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onItem()
                    .invoke(() -> found(true))
                    .onFailure()
                    .invoke(failure -> found(false));
        });
    }

    private void found(boolean there) {
        if (absent == there) {
            LOG.warn(there ? "Redis is back" : "Redis is absent: the registry goes on with what it knows");
        }
        absent = !there;
        absentUntil = System.nanoTime() + PAUSE_NANOS;
    }
}
