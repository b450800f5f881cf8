package org.vitrina.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;

/**
 * What an operator's programs ask for at the management port, where there are no resources: small JSON in and out, problems as
 * everywhere. A browser's page is refused, since this port knows no page of its own.
 */
@Singleton
class ManagementRoutes {
    private static final int MOST_BYTES = 4096;
    private static final ErrorCode FOREIGN = new ErrorCode("foreign-site", 403, false, "Asked for by another site");

    private final Problems problems;
    private final RequestIdMaker ids = new RequestIdMaker();

    ManagementRoutes(Problems problems) {
        this.problems = problems;
    }

    void on(Router router, HttpMethod method, String path, Consumer<RoutingContext> handler) {
        router.route(method, path).handler(context -> {
            HttpServerRequest request = context.request();
            if (request.headers().contains(HttpHeaders.ORIGIN)
                    || request.headers().contains("Sec-Fetch-Site")) {
                refuse(context, FOREIGN, "A browser's page asked for this; it is for programs of an operator.");
            } else {
                handler.accept(context);
            }
        });
    }

    void tell(RoutingContext context, JsonObject what) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(what.toBuffer());
    }

    /**
     * What was sent; null where it cannot be read, which the caller has been told then.
     *
     * @param what it is to be, such as "A fault"
     */
    @Nullable
    JsonObject read(RoutingContext context, String what) {
        Buffer body = context.body().buffer(); // Quarkus has read it
        if (body != null && body.length() <= MOST_BYTES) {
            try {
                return new JsonObject(body);
            } catch (DecodeException | ClassCastException e) {
                refuse(context, ErrorCode.BAD_REQUEST, "The body is no JSON object.");
                return null;
            }
        }
        refuse(
                context,
                body == null ? ErrorCode.BAD_REQUEST : ErrorCode.BODY_TOO_LARGE,
                what + " is a JSON object of at most " + MOST_BYTES + " bytes.");
        return null;
    }

    void refuse(RoutingContext context, ErrorCode code, String detail) {
        refuse(context, code, detail, List.of());
    }

    void refuse(RoutingContext context, ErrorCode code, String detail, List<Problems.Violation> wrong) {
        String id = ids.echoOrNext(context.request().getHeader(Admission.REQUEST_ID));
        context.response()
                .setStatusCode(code.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Admission.PROBLEM)
                .putHeader(Admission.REQUEST_ID, id)
                .end(problems.json(code, detail, Problems.instance(context.request()), id, wrong, Map.of()));
    }
}
