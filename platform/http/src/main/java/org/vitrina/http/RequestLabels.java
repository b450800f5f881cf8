package org.vitrina.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps what strangers send out of the labels of {@code http_server_requests} and of the calls that it leads to: {@code method} is one that HTTP knows, {@code
 * uri} the template of the resource method that was asked, and either is {@value #OTHER} for all else. A label's value is
 * kept as long as the process lives, and after a hundred of them no new route would be measured.
 */
@Singleton
class RequestLabels implements HttpServerMetricsTagsContributor, MeterFilter {
    static final String OTHER = "OTHER";

    private static final String REQUESTS = "http.server.requests";
    private static final String CALLS = "http.client.requests";

    /** Where Quarkus keeps a request's template, from the moment at which a resource method is called. */
    private static final String TEMPLATE = "UrlPathTemplate";

    private static final Tags NOTHING = Tags.empty();
    private static final Tags NO_TEMPLATE = Tags.of("uri", OTHER);

    private static final Set<String> METHODS = Stream.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.PATCH,
                    HttpMethod.DELETE,
                    HttpMethod.OPTIONS,
                    HttpMethod.TRACE,
                    HttpMethod.CONNECT)
            .map(HttpMethod::name)
            .collect(Collectors.toUnmodifiableSet());

    /** Labels a request that may end before a resource method is called, or whose caller leaves before. */
    static void begin(RoutingContext context) {
        of(context.request()).context().putLocal(TEMPLATE, OTHER);
    }

    /** The template of the resource method that serves the request, else {@value #OTHER}. */
    static String template(HttpServerRequest request) {
        String template = of(request).context().getLocal(TEMPLATE);
        return template == null ? OTHER : template;
    }

    /** Its method if HTTP knows it, else {@value #OTHER}. */
    static String method(HttpServerRequest request) {
        String method = request.method().name();
        return METHODS.contains(method) ? method : OTHER;
    }

    /** What the router refuses begins nowhere. */
    @Override
    public Tags contribute(Context context) {
        return of(context.request()).context().getLocal(TEMPLATE) == null ? NO_TEMPLATE : NOTHING;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (id.getName().equals(CALLS)) {
            // its targets are not templates: they hold what our own callers sent
            return id.replaceTags(Tags.of(id.getTags()).and("uri", OTHER));
        }
        if (!id.getName().equals(REQUESTS)) {
            return id;
        }
        Tags tags = Tags.of(id.getTags());
        if (!METHODS.contains(id.getTag("method"))) {
            tags = tags.and("method", OTHER);
        }
        // Quarkus makes a path of it
        if (("/" + OTHER).equals(id.getTag("uri"))) {
            tags = tags.and("uri", OTHER);
        }
        return id.replaceTags(tags);
    }

    private static HttpServerRequestInternal of(HttpServerRequest request) {
        return (HttpServerRequestInternal) request;
    }
}
