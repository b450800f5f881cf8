package org.vitrina.http;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.vitrina.core.ErrorCode;

/**
 * {@code /ops/log-levels} at the management port: {@code GET} tells which loggers have another level at the moment, {@code PUT
 * /ops/log-levels/{logger}} gives one another for a while, {@code DELETE} ends that.
 */
@Singleton
class LogLevelSwitch {
    private static final Logger LOG = Logger.getLogger(LogLevelSwitch.class);
    private static final String PATH = "/ops/log-levels";
    private static final String ONE = PATH + "/:logger";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,199}");
    private static final long USUAL_MILLIS = 600_000;
    private static final long LONGEST_MILLIS = 3_600_000;
    private static final ErrorCode TOO_MANY = new ErrorCode("too-many-levels", 409, false, "Too many changed levels");

    private final LogLevels levels;
    private final ManagementRoutes routes;

    LogLevelSwitch(LogLevels levels, ManagementRoutes routes) {
        this.levels = levels;
        this.routes = routes;
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        routes.on(router, HttpMethod.GET, PATH, context -> routes.tell(context, levels.status()));
        routes.on(router, HttpMethod.DELETE, ONE, context -> {
            levels.end(context.pathParam("logger"));
            context.response().setStatusCode(204).end();
        });
        routes.on(router, HttpMethod.PUT, ONE, this::set);
    }

    private void set(RoutingContext context) {
        String name = context.pathParam("logger");
        if (!NAME.matcher(name).matches()) {
            routes.refuse(
                    context, ErrorCode.BAD_REQUEST, "A logger's name is letters, digits, dots, - and _, 200 at most.");
            return;
        }
        JsonObject json = routes.read(context, "A level");
        if (json == null) {
            return;
        }
        List<Problems.Violation> wrong = new ArrayList<>();
        json.fieldNames().stream()
                .filter(member -> !member.equals("level") && !member.equals("for_ms"))
                .forEach(member -> wrong.add(new Problems.Violation(
                        member.length() > 40 ? member.substring(0, 40) : member, "is no part of a level")));
        Object level = json.getValue("level");
        if (!(level instanceof String) || !LogLevels.LEVELS.containsKey(level)) {
            wrong.add(new Problems.Violation("level", "must be one of ERROR, WARN, INFO, DEBUG"));
        }
        Object millis = json.getValue("for_ms", USUAL_MILLIS);
        long time = millis instanceof Integer || millis instanceof Long ? ((Number) millis).longValue() : 0;
        if (time < 1 || time > LONGEST_MILLIS) {
            wrong.add(new Problems.Violation("for_ms", "must be a whole number from 1 to " + LONGEST_MILLIS));
        }
        if (!wrong.isEmpty()) {
            routes.refuse(context, ErrorCode.VALIDATION, "The level cannot be as it was sent.", wrong);
        } else if (levels.set(name, (String) level, time)) {
            LOG.infof("Logger %s has the level %s for %d ms", name, level, time);
            routes.tell(context, levels.status());
        } else {
            routes.refuse(
                    context,
                    TOO_MANY,
                    "At most " + LogLevels.MOST + " levels are changed at once; end one of them first.");
        }
    }
}
