package org.vitrina.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The methods that a path knows, for the {@code Allow} of a 405 (RFC 9110, 15.5.6). Quarkus REST does not say them, so they
 * are read off the OpenAPI document that the build made; at the first 405, since most processes never answer one.
 */
@Singleton
class AllowedMethods {
    private static final String DOCUMENT = "META-INF/quarkus-generated-openapi-doc.JSON";
    private static final Set<String> OTHERS = Set.of("parameters", "servers", "summary", "description", "$ref");

    /** A name in braces, with the pattern that Jakarta REST allows after it. */
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

    private record Route(Pattern path, Set<String> methods) {}

    private final ObjectMapper json;
    private volatile @Nullable List<Route> routes;

    AllowedMethods(ObjectMapper json) {
        this.json = json;
    }

    /** Such as {@code GET, HEAD, OPTIONS}; at least OPTIONS, which every path knows. */
    String at(String path) {
        List<Route> known = routes;
        if (known == null) {
            known = read();
            routes = known;
        }
        Set<String> allowed = new TreeSet<>(Set.of("OPTIONS"));
        for (Route route : known) {
            if (route.path().matcher(path).matches()) {
                allowed.addAll(route.methods());
            }
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        return String.join(", ", allowed);
    }

    private List<Route> read() {
        List<Route> read = new ArrayList<>();
        try (InputStream document =
                Thread.currentThread().getContextClassLoader().getResourceAsStream(DOCUMENT)) {
            JsonNode paths = document == null ? null : json.readTree(document).get("paths");
            if (paths != null) {
                for (var path : paths.properties()) {
                    Set<String> methods = new TreeSet<>();
                    path.getValue().fieldNames().forEachRemaining(name -> {
                        if (!OTHERS.contains(name) && !name.startsWith("x-")) {
                            methods.add(name.toUpperCase(Locale.ROOT));
                        }
                    });
                    read.add(new Route(pattern(path.getKey()), methods));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the OpenAPI document of this very build cannot be read", e);
        }
        return read;
    }

    /** A trailing slash is accepted or left out on every path. */
    private static Pattern pattern(String template) {
        StringBuilder pattern = new StringBuilder();
        int from = 0;
        for (var parameter = PARAMETER.matcher(template); parameter.find(from); from = parameter.end()) {
            pattern.append(Pattern.quote(template.substring(from, parameter.start())))
                    .append("[^/]+");
        }
        String rest = template.substring(from);
        return Pattern.compile(
                pattern + Pattern.quote(rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest) + "/?");
    }
}
