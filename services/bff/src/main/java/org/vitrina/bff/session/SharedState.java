package org.vitrina.bff.session;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.SessionConfig;
import org.vitrina.core.TrustedAuthorities;

/**
 * The Redis that all replicas share ({@code vitrina.session.redis-url}). It may be absent: what does not answer in time is gone
 * on without, and nothing is asked for a second after that.
 */
@Singleton
public class SharedState {
    private static final Logger LOG = Logger.getLogger(SharedState.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String REPLACE =
            """
            if (redis.call('get', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            for i, key in ipairs(KEYS) do redis.call('set', key, ARGV[i + 1]) end
            return 1""";
    private static final String ADD_ALL =
            """
            for i = 2, #ARGV, 2 do redis.call('hincrby', KEYS[1], ARGV[i], ARGV[i + 1]) end
            redis.call('pexpire', KEYS[1], ARGV[1])
            return redis.call('hgetall', KEYS[1])""";
    private static final int CONNECTIONS = 4;
    private static final int WAITING = 512;

    private final Vertx vertx;
    private final @Nullable Redis redis;
    private final long timeoutMillis;
    private volatile boolean absent;
    private volatile long absentUntil;

    public SharedState(Vertx vertx, SessionConfig config) {
        this.vertx = vertx;
        this.timeoutMillis = config.redisTimeout().toMillis();
        this.redis = config.redisUrl()
                .map(url -> Redis.createClient(
                        vertx,
                        address(url)
                                .setNetClientOptions(connection(url, config))
                                .setMaxPoolSize(CONNECTIONS)
                                .setMaxPoolWaiting(WAITING)))
                .orElse(null);
    }

    /** Sentinels are asked who the primary is, and tell when it is another. */
    private static RedisOptions address(URI url) {
        if (!"redis-sentinel".equals(url.getScheme())) {
            return new RedisOptions().setConnectionString(url.toString());
        }
        String servers = url.getRawAuthority();
        int at = servers.lastIndexOf('@') + 1;
        return new RedisOptions()
                .setType(RedisClientType.SENTINEL)
                .setMasterName(url.getFragment())
                .setAutoFailover(true)
                .setEndpoints(Stream.of(servers.substring(at).split(","))
                        .map(server -> "redis://" + servers.substring(0, at) + server + url.getRawPath())
                        .toList());
    }

    private static NetClientOptions connection(URI url, SessionConfig config) {
        var options = new NetClientOptions();
        return "rediss".equals(url.getScheme())
                ? options.setHostnameVerificationAlgorithm("HTTPS")
                        .setTrustOptions(TrustOptions.wrap(
                                TrustedAuthorities.of("vitrina.session.redis-ca-file", config.redisCaFile())
                                        .manager()))
                : options;
    }

    /** Whether there is one to be asked now. */
    public boolean isThere() {
        return redis != null && !(absent && absentUntil - System.nanoTime() > 0);
    }

    /** Whether there is one at all, to be asked now or later. */
    public boolean isConfigured() {
        return redis != null;
    }

    /** Keeps the value for that long; tells on the caller's context whether it is kept. */
    void put(String key, String value, Duration life, Consumer<Boolean> then) {
        ask(set(key, value, life), answer -> then.accept(answer != null));
    }

    /** The same for a key that is not there yet; tells null where nobody answers. */
    public void putIfAbsent(String key, String value, Duration life, Consumer<@Nullable Boolean> then) {
        ask(
                set(key, value, life).arg("NX"),
                answer -> then.accept(answer == null ? null : Boolean.valueOf(answer.value() != null)));
    }

    /** What is kept under each of the keys, null for nothing; tells null for all of it where nobody answers. */
    public void get(List<String> keys, Consumer<@Nullable List<@Nullable String>> then) {
        Request question = Request.cmd(Command.MGET);
        keys.forEach(question::arg);
        ask(question, answer -> then.accept(answer == null ? null : values(answer)));
    }

    /**
     * Sets all keys at once, for good.
     *
     * @param before what the first of them must have had; empty: nothing
     * @param then is told whether it had; null where nobody answers
     */
    public void replace(String before, List<String> keys, List<String> values, Consumer<@Nullable Boolean> then) {
        Request question = Request.cmd(Command.EVAL).arg(REPLACE).arg(keys.size());
        keys.forEach(question::arg);
        question.arg(before);
        values.forEach(question::arg);
        ask(
                question,
                answer -> then.accept(
                        answer == null
                                ? null
                                : Boolean.valueOf(answer.something().toLong() == 1)));
    }

    /** Adds to the counts of a key, and tells all of them as they are now; tells null where nobody answers. */
    public void addAll(String key, Map<String, Long> some, Duration life, Consumer<@Nullable Map<String, Long>> then) {
        Request question =
                Request.cmd(Command.EVAL).arg(ADD_ALL).arg(1).arg(key).arg(life.toMillis());
        some.forEach((field, count) -> question.arg(field).arg(count));
        ask(question, answer -> then.accept(answer == null ? null : counts(answer.something())));
    }

    private static Map<String, Long> counts(Response pairs) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            counts.put(pairs.get(i).toString(), pairs.get(i + 1).toLong());
        }
        return counts;
    }

    void remove(String key) {
        ask(Request.cmd(Command.DEL).arg(key), answer -> {});
    }

    private static Request set(String key, String value, Duration life) {
        return Request.cmd(Command.SET).arg(key).arg(value).arg("PX").arg(life.toMillis());
    }

    private static List<@Nullable String> values(Answered answer) {
        List<@Nullable String> values = new ArrayList<>();
        for (Response each : answer.something()) {
            values.add(each == null ? null : each.toString());
        }
        return values;
    }

    /** What Redis has said, which may be that there is nothing. */
    private record Answered(@Nullable Response value) {
        Response something() {
            return Objects.requireNonNull(value);
        }
    }

    /** Adds to a count, and tells how large it is now; tells nothing where nobody answers. */
    void add(String key, long some, Duration life, LongConsumer then) {
        ask(Request.cmd(Command.INCRBY).arg(key).arg(some), answer -> {
            if (answer != null) {
                then.accept(answer.something().toLong());
                ask(Request.cmd(Command.PEXPIRE).arg(key).arg(life.toMillis()), kept -> {});
            }
        });
    }

    private void ask(Request question, Consumer<@Nullable Answered> then) {
        Redis client = redis;
        if (client == null || !isThere()) {
            then.accept(null);
            return;
        }
        Context context = vertx.getOrCreateContext();
        AtomicBoolean told = new AtomicBoolean();
        long timer = vertx.setTimer(timeoutMillis, late -> {
            if (told.compareAndSet(false, true)) {
                found(false);
                then.accept(null);
            }
        });
        Future<Response> answered = client.send(question);
        answered.onComplete(answer -> context.runOnContext(here -> {
            vertx.cancelTimer(timer);
            if (told.compareAndSet(false, true)) {
                found(answer.succeeded());
                then.accept(answer.succeeded() ? new Answered(answer.result()) : null);
            }
        }));
    }

    private void found(boolean there) {
        if (absent == there) {
            LOG.warn(
                    there
                            ? "The Redis of the sessions is back"
                            : "The Redis of the sessions is absent: sessions go on, what other replicas have ended too");
        }
        absent = !there;
        absentUntil = System.nanoTime() + PAUSE_NANOS;
    }
}
