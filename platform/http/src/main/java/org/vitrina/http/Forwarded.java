package org.vitrina.http;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy of {@code vitrina.http.trusted-proxies} says of how callers reach this service; nobody else is believed.
 *
 * @param prefix the path under which it is shown, such as {@code /shop}; empty for none
 * @param host of {@code X-Forwarded-Host}, with or without a port; null where nothing is said
 * @param scheme of {@code X-Forwarded-Proto}, {@code http} or {@code https}; null where nothing is said
 * @param client the caller's address, of {@code X-Forwarded-For}: the last one that is no trusted proxy's; null where nothing is
 *     said
 */
public record Forwarded(String prefix, @Nullable String host, @Nullable String scheme, @Nullable String client) {
    static final String FOR = "X-Forwarded-For";

    private static final String KEY = Forwarded.class.getName();
    private static final Forwarded NOTHING = new Forwarded("", null, null, null);

    /** Of the request that the current context serves. */
    public static Forwarded current() {
        Context context = Vertx.currentContext();
        return context == null || !VertxContext.isDuplicatedContext(context)
                ? NOTHING
                : ContextLocals.get(KEY, NOTHING);
    }

    static Forwarded of(MultiMap headers, TrustedProxies proxies) {
        String scheme = last(headers, "X-Forwarded-Proto");
        return new Forwarded(
                ForwardedPrefix.prefix(headers.getAll(ForwardedPrefix.HEADER)),
                last(headers, "X-Forwarded-Host"),
                "http".equals(scheme) || "https".equals(scheme) ? scheme : null,
                client(headers.getAll(FOR), proxies));
    }

    /** Each proxy puts the address of who asked it at the end: what stands before a stranger's is the stranger's own. */
    private static @Nullable String client(List<String> said, TrustedProxies proxies) {
        String[] hops = String.join(",", said).split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = hops[i].strip();
            if (!hop.matches("[0-9A-Fa-f.:]{2,45}")) {
                return null;
            }
            if (i == 0 || !proxies.contain(hop)) {
                return hop;
            }
        }
        return null;
    }

    void attach() {
        ContextLocals.put(KEY, this);
    }

    /** What the nearest proxy has put there: what stands before it may be a caller's own. */
    private static @Nullable String last(MultiMap headers, String name) {
        List<String> said = headers.getAll(name);
        if (said.isEmpty()) {
            return null;
        }
        String all = said.getLast();
        String last = all.substring(all.lastIndexOf(',') + 1).strip().toLowerCase(Locale.ROOT);
        return last.isEmpty() ? null : last;
    }
}
