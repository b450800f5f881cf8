package org.vitrina.http;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Levels of loggers that an operator has changed, each for a while: whoever looks for something must not have to remember to
 * end it. When its time is over a logger has the level that it had before, which is none of its own for most.
 */
@Singleton
class LogLevels {
    /** Below DEBUG nothing is compiled in. */
    static final Map<String, java.util.logging.Level> LEVELS =
            Map.of("ERROR", Level.ERROR, "WARN", Level.WARN, "INFO", Level.INFO, "DEBUG", Level.DEBUG);

    static final int MOST = 32;

    private final Vertx vertx;
    private final Map<String, Changed> changed = new ConcurrentHashMap<>();

    LogLevels(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * A logger with another level.
     *
     * @param logger kept here, as one that nobody holds would be forgotten with its level
     * @param before null where it follows the logger above it
     */
    private record Changed(
            Logger logger, String level, java.util.logging.@Nullable Level before, long endNanos, long timer) {}

    /** Changes one for a while; false where there are as many as may be. */
    boolean set(String name, String level, long forMillis) {
        if (changed.size() >= MOST && !changed.containsKey(name)) {
            return false;
        }
        changed.compute(name, (same, earlier) -> {
            Logger logger = earlier == null ? Logger.getLogger(name) : earlier.logger();
            if (earlier != null) {
                vertx.cancelTimer(earlier.timer());
            }
            var before = earlier == null ? logger.getLevel() : earlier.before();
            logger.setLevel(LEVELS.get(level));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMillis);
            return new Changed(logger, level, before, end, vertx.setTimer(forMillis, timer -> over(name, timer)));
        });
        return true;
    }

    /** Gives it the level that it had, or does nothing where that was not changed. */
    void end(String name) {
        changed.computeIfPresent(name, (same, now) -> {
            vertx.cancelTimer(now.timer());
            return asBefore(now);
        });
    }

    /** Not that of a later change, which came while this timer went off. */
    private void over(String name, long timer) {
        changed.computeIfPresent(name, (same, now) -> now.timer() == timer ? asBefore(now) : now);
    }

    private static @Nullable Changed asBefore(Changed now) {
        now.logger().setLevel(now.before());
        return null;
    }

    /** As it is answered: {@code {"levels":[…]}}, those that are changed at the moment. */
    JsonObject status() {
        long now = System.nanoTime();
        List<JsonObject> levels = changed.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .map(each -> new JsonObject()
                        .put("logger", each.getKey())
                        .put("level", each.getValue().level())
                        .put(
                                "left_ms",
                                Math.max(
                                        0,
                                        TimeUnit.NANOSECONDS.toMillis(
                                                each.getValue().endNanos() - now))))
                .toList();
        return new JsonObject().put("levels", new JsonArray(levels));
    }
}
