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
import java.util.List;
import java.util.Map;
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

    private static final String FORGET =
            "if redis.call('exists', KEYS[2]) == 0 then" + " return redis.call('srem', KEYS[1], ARGV[1]) end return 0";
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

    /** The replicas of a service, and whether the last one has deregistered. */
    record StoredList(List<Stored> instances, boolean emptied) {}

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

    Uni<StoredList> list(String service) {
        return asked(() -> batch(List.of(
                        command(Command.SMEMBERS, PREFIX + service), command(Command.HEXISTS, EMPTIED, service)))
                .chain(answers -> {
                    List<String> ids = new ArrayList<>();
                    answers.get(0).forEach(id -> ids.add(id.toString()));
                    boolean emptied = answers.get(1).toInteger() == 1;
                    return ids.isEmpty()
                            ? Uni.createFrom().item(new StoredList(List.of(), emptied))
                            : read(service, ids).map(found -> new StoredList(found, emptied));
                }));
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
            return forget.isEmpty()
                    ? Uni.createFrom().item(found)
                    : batch(forget).replaceWith(found);
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

    /** @param changed whether the other replicas of the registry must look */
    Uni<Void> put(String service, Instance instance, long millis, boolean changed) {
        List<Request> writes = new ArrayList<>(List.of(
                command(Command.SET, key(service, instance.id()), text(instance), "PX", Long.toString(millis)),
                command(Command.SADD, PREFIX + service, instance.id())));
        if (changed) {
            writes.add(command(Command.HDEL, EMPTIED, service));
            writes.add(command(Command.HINCRBY, VERSIONS, service, "1"));
        }
        return asked(() -> batch(writes)).replaceWithVoid();
    }

    Uni<Void> remove(String service, String id, boolean emptied) {
        List<Request> writes = new ArrayList<>(
                List.of(command(Command.DEL, key(service, id)), command(Command.SREM, PREFIX + service, id)));
        if (emptied) {
            writes.add(command(Command.HSET, EMPTIED, service, "1"));
        }
        writes.add(command(Command.HINCRBY, VERSIONS, service, "1"));
        return asked(() -> batch(writes)).replaceWithVoid();
    }

    private static String key(String service, String id) {
        return PREFIX + service + ":" + id;
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

    private Uni<List<Response>> batch(List<Request> requests) {
        return redis.batch(requests);
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
