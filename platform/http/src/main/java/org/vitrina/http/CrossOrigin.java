package org.vitrina.http;

import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.cors.CORSConfig;
import io.quarkus.vertx.http.runtime.cors.CORSFilter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/**
 * Lets a page of another origin read an answer that leaves before Quarkus' own filter has seen the request ({@code
 * quarkus.http.cors}): without its header a browser hides even that the service is overloaded.
 */
@Singleton
class CrossOrigin implements Handler<RoutingContext> {
    /** Before the front handler, whose refusals it completes. */
    private static final int PRIORITY = 10_002;

    private final CORSConfig config;
    private final List<String> origins;
    private final List<Pattern> patterns;

    CrossOrigin(Config config) {
        this.config = config.unwrap(SmallRyeConfig.class)
                .getConfigMapping(VertxHttpConfig.class)
                .cors();
        this.origins = this.config.origins().orElse(List.of());
        this.patterns = CORSFilter.parseAllowedOriginsRegex(this.config.origins());
    }

    boolean isOn() {
        return config.enabled();
    }

    void register(@Observes Filters filters) {
        if (isOn()) {
            filters.register(this, PRIORITY);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (origin != null && isAllowed(origin)) {
            context.addHeadersEndHandler(ready -> complete(context.response().headers(), origin));
        }
        context.next();
    }

    private boolean isAllowed(String origin) {
        return origins.contains("*") || origins.contains(origin) || CORSFilter.isOriginAllowedByRegex(patterns, origin);
    }

    private void complete(MultiMap headers, String origin) {
        if (headers.contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            return; // as Quarkus has it
        }
        headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin).add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        config.accessControlAllowCredentials()
                .ifPresent(allowed ->
                        headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, Boolean.toString(allowed)));
        config.exposedHeaders()
                .ifPresent(names -> headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(",", names)));
    }
}
