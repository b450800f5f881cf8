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
 * {@code /ops/faults} at the management port: {@code GET} tells what is on, {@code PUT /ops/faults/{id}} switches one on or
 * changes it, {@code DELETE} of one or all switches off. There only where faults can be tried at all ({@code
 * vitrina.faults.enabled}); a browser's page is refused, since this port knows no page of its own.
 */
@Singleton
class TrialFaultSwitch {
    private static final Logger LOG = Logger.getLogger(TrialFaultSwitch.class);
    private static final String PATH = "/ops/faults";
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final ErrorCode TOO_MANY = new ErrorCode("too-many-faults", 409, false, "Too many faults");

    private final TrialFaults faults;
    private final ManagementRoutes routes;
    private final boolean enabled;

    TrialFaultSwitch(TrialFaults faults, ManagementRoutes routes, FaultsConfig config) {
        this.faults = faults;
        this.routes = routes;
        this.enabled = config.enabled();
    }

    void register(@Observes ManagementInterface management) {
        if (!enabled) {
            return;
        }
        LOG.warnf("Faults can be switched on at the management port (%s): this is for trials only", PATH);
        Router router = management.router();
        routes.on(router, HttpMethod.GET, PATH, this::tell);
        routes.on(router, HttpMethod.DELETE, PATH, context -> {
            faults.endAll();
            context.response().setStatusCode(204).end();
        });
        routes.on(router, HttpMethod.DELETE, PATH + "/:id", context -> {
            faults.end(context.pathParam("id"));
            context.response().setStatusCode(204).end();
        });
        routes.on(router, HttpMethod.PUT, PATH + "/:id", this::read);
    }

    private void tell(RoutingContext context) {
        routes.tell(context, faults.status());
    }

    private void read(RoutingContext context) {
        String id = context.pathParam("id");
        if (!ID.matcher(id).matches()) {
            routes.refuse(context, ErrorCode.BAD_REQUEST, "A fault's id is 1 to 40 of a-z, 0-9 and -, the first no -.");
            return;
        }
        List<Problems.Violation> wrong = new ArrayList<>();
        JsonObject json = routes.read(context, "A fault");
        if (json == null) {
            return;
        }
        TrialFault fault = TrialFault.read(json, wrong);
        if (!wrong.isEmpty()) {
            routes.refuse(context, ErrorCode.VALIDATION, "The fault cannot be as it was sent.", wrong);
        } else if (faults.set(id, fault)) {
            LOG.infof("Fault %s is switched on: %s", id, fault);
            tell(context);
        } else {
            routes.refuse(
                    context, TOO_MANY, "At most " + TrialFaults.MOST + " faults are on at once; switch one off first.");
        }
    }
}
