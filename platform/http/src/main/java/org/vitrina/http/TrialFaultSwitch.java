package org.vitrina.http;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
    private static final int MOST_BYTES = 4096;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final ErrorCode TOO_MANY = new ErrorCode("too-many-faults", 409, false, "Too many faults");
    private static final ErrorCode FOREIGN = new ErrorCode("foreign-site", 403, false, "Asked for by another site");

    private final TrialFaults faults;
    private final Problems problems;
    private final boolean enabled;
    private final RequestIdMaker ids = new RequestIdMaker();

    TrialFaultSwitch(TrialFaults faults, Problems problems, FaultsConfig config) {
        this.faults = faults;
        this.problems = problems;
        this.enabled = config.enabled();
    }

    void register(@Observes ManagementInterface management) {
        if (!enabled) {
            return;
        }
        LOG.warnf("Faults can be switched on at the management port (%s): this is for trials only", PATH);
        Router router = management.router();
        on(router, HttpMethod.GET, PATH, this::tell);
        on(router, HttpMethod.DELETE, PATH, context -> {
            faults.endAll();
            context.response().setStatusCode(204).end();
        });
        on(router, HttpMethod.DELETE, PATH + "/:id", context -> {
            faults.end(context.pathParam("id"));
            context.response().setStatusCode(204).end();
        });
        on(router, HttpMethod.PUT, PATH + "/:id", this::read);
    }

    private void on(Router router, HttpMethod method, String path, Consumer<RoutingContext> handler) {
        router.route(method, path).handler(context -> {
            HttpServerRequest request = context.request();
            if (request.headers().contains(HttpHeaders.ORIGIN)
                    || request.headers().contains("Sec-Fetch-Site")) {
                refuse(context, FOREIGN, "A browser's page asked for this; faults are switched by programs here.");
            } else {
                handler.accept(context);
            }
        });
    }

    private void tell(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(faults.status().toBuffer());
    }

    private void read(RoutingContext context) {
        Buffer body = context.body().buffer(); // Quarkus has read it
        if (body == null || body.length() > MOST_BYTES) {
            refuse(
                    context,
                    body == null ? ErrorCode.BAD_REQUEST : ErrorCode.BODY_TOO_LARGE,
                    "A fault is a JSON object of at most " + MOST_BYTES + " bytes.");
        } else {
            set(context, body);
        }
    }

    private void set(RoutingContext context, Buffer body) {
        String id = context.pathParam("id");
        if (!ID.matcher(id).matches()) {
            refuse(context, ErrorCode.BAD_REQUEST, "A fault's id is 1 to 40 of a-z, 0-9 and -, the first no -.");
            return;
        }
        JsonObject json;
        try {
            json = new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            refuse(context, ErrorCode.BAD_REQUEST, "The body is no JSON object.");
            return;
        }
        List<Problems.Violation> wrong = new ArrayList<>();
        TrialFault fault = TrialFault.read(json, wrong);
        if (!wrong.isEmpty()) {
            refuse(context, ErrorCode.VALIDATION, "The fault cannot be as it was sent.", wrong);
        } else if (faults.set(id, fault)) {
            LOG.infof("Fault %s is switched on: %s", id, fault);
            tell(context);
        } else {
            refuse(context, TOO_MANY, "At most " + TrialFaults.MOST + " faults are on at once; switch one off first.");
        }
    }

    private void refuse(RoutingContext context, ErrorCode code, String detail) {
        refuse(context, code, detail, List.of());
    }

    private void refuse(RoutingContext context, ErrorCode code, String detail, List<Problems.Violation> wrong) {
        String id = ids.echoOrNext(context.request().getHeader(Admission.REQUEST_ID));
        context.response()
                .setStatusCode(code.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Admission.PROBLEM)
                .putHeader(Admission.REQUEST_ID, id)
                .end(problems.json(code, detail, Problems.instance(context.request()), id, wrong, Map.of()));
    }
}
