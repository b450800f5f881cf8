package org.vitrina.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path under which a proxy shows this service, put before each path that an answer names: {@code Location}, {@code
 * Content-Location}, {@code Link}, a problem's {@code instance}. It comes from {@value #HEADER}, which counts only from the
 * proxies of {@code vitrina.http.trusted-proxies}; from anybody else it could send callers elsewhere. What else they say is kept
 * for those who ask ({@link Forwarded}).
 */
@Singleton
class ForwardedPrefix implements Handler<RoutingContext> {
    static final String HEADER = "X-Forwarded-Prefix";

    /** Before the front handler, whose refusals name a path too. */
    private static final int PRIORITY = 10_001;

    private static final int LONGEST = 1024;

    /** Segments of a path that are neither empty nor dots, so that it leads nowhere else. */
    private static final Pattern FORM = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+=:@-]+)+");

    private static final Pattern PATH_IN_LINK = Pattern.compile("<(?=/(?!/))");
    private static final List<String> PATHS = List.of("Location", "Content-Location");
    private static final String LINK = "Link";

    private final Optional<TrustedProxies> proxies;

    ForwardedPrefix(ConnectionConfig config) {
        this.proxies = config.trustedProxies();
    }

    void register(@Observes Filters filters) {
        if (proxies.isPresent()) {
            filters.register(this, PRIORITY);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        MultiMap headers = context.request().headers();
        if (isForwarded(headers)
                && proxies.orElseThrow()
                        .contain(context.request().remoteAddress().hostAddress())) {
            Forwarded said = Forwarded.of(headers, proxies.orElseThrow());
            said.attach();
            if (!said.prefix().isEmpty()) {
                context.addHeadersEndHandler(
                        ready -> complete(context.response().headers(), said.prefix()));
            }
        }
        context.next();
    }

    private static boolean isForwarded(MultiMap headers) {
        return headers.contains(HEADER)
                || headers.contains("X-Forwarded-Host")
                || headers.contains("X-Forwarded-Proto")
                || headers.contains(Forwarded.FOR);
    }

    /** The prefixes of several proxies are one after the other, the outermost first; nothing where one is no path. */
    static String prefix(List<String> said) {
        StringBuilder prefix = new StringBuilder();
        for (String each : String.join(",", said).split(",", -1)) {
            String path = each.strip();
            if (path.endsWith("/")) {
                path = path.substring(0, path.length() - 1);
            }
            if (!path.isEmpty() && !FORM.matcher(path).matches()) {
                return "";
            }
            prefix.append(path);
        }
        return prefix.length() > LONGEST ? "" : prefix.toString();
    }

    private static void complete(MultiMap headers, String prefix) {
        for (String name : PATHS) {
            String path = headers.get(name);
            if (path != null && path.startsWith("/") && !path.startsWith("//")) {
                headers.set(name, prefix + path);
            }
        }
        List<String> links = headers.getAll(LINK);
        if (!links.isEmpty()) {
            String before = Matcher.quoteReplacement("<" + prefix);
            headers.set(
                    LINK,
                    links.stream()
                            .map(link -> PATH_IN_LINK.matcher(link).replaceAll(before))
                            .toList());
        }
    }
}
