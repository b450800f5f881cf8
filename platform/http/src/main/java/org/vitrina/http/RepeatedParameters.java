package org.vitrina.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a query parameter that is there twice. Who reads the first of two and hands on both lets a caller say one thing and
 * mean another. Names count as they are decoded. A parameter whose name ends with {@code _ids} is a list, which may come in
 * pieces; {@link IdempotencyKey} refuses a second key itself.
 */
final class RepeatedParameters {
    private static final String LIST = "_ids";

    private RepeatedParameters() {}

    /** @param query as the caller wrote it; null where there is none */
    static @Nullable String first(@Nullable String query) {
        if (query == null || query.indexOf('&') < 0) {
            return null;
        }
        Set<String> names = new HashSet<>();
        for (int at = 0; at <= query.length(); ) {
            int end = query.indexOf('&', at);
            int next = end < 0 ? query.length() : end;
            int value = query.indexOf('=', at, next);
            String name = QueryStringDecoder.decodeComponent(query.substring(at, value < 0 ? next : value));
            if (!name.isEmpty() && !names.add(name) && !name.endsWith(LIST) && !name.equals(IdempotencyKey.PARAMETER)) {
                return name;
            }
            at = next + 1;
        }
        return null;
    }
}
