package org.vitrina.contracts;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request as the kit sends it.
 *
 * @param path and query
 * @param body null for none
 * @param chunked without a {@code Content-Length}
 */
record HttpCall(String method, String path, Map<String, String> headers, @Nullable String body, boolean chunked) {
    private static final int SHOWN = 100;

    static HttpCall of(String method, String path) {
        return new HttpCall(method, path, Map.of(), null, false);
    }

    static HttpCall get(String path) {
        return of("GET", path);
    }

    static HttpCall put(String path, String json) {
        return of("PUT", path).json(json);
    }

    static HttpCall delete(String path) {
        return of("DELETE", path);
    }

    HttpCall header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new HttpCall(method, path, more, body, chunked);
    }

    /** The same, of {@code application/json} where nothing else was said. */
    HttpCall json(String text) {
        HttpCall with = new HttpCall(method, path, headers, text, chunked);
        return headers.containsKey("Content-Type") ? with : with.header("Content-Type", "application/json");
    }

    HttpCall inChunks() {
        return new HttpCall(method, path, headers, body, true);
    }

    HttpCall at(String other) {
        return new HttpCall(method, other, headers, body, chunked);
    }

    /** For a report: what somebody would type to see the same. */
    @Override
    public String toString() {
        String shown = headers.entrySet().stream()
                .filter(header -> !header.getValue().equals("application/json"))
                .map(header -> " " + header.getKey() + ": " + header.getValue())
                .collect(Collectors.joining(","));
        return method + " " + path + shown + (body == null ? "" : " " + cut(body.strip()))
                + (body != null && body.length() > SHOWN ? " (" + body.length() + " bytes)" : "")
                + (chunked ? " in chunks" : "");
    }

    static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
