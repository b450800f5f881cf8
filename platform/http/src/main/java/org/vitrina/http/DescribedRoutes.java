package org.vitrina.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a path knows: its methods, for the {@code Allow} of a 405 (RFC 9110, 15.5.6), and the media types that a method reads,
 * for the {@code Accept} of a 415 (15.5.16). Quarkus REST does not say them, so they are read off the OpenAPI document that the
 * build made; at the first such answer, since most processes never give one.
 */
@Singleton
class DescribedRoutes {
    private static final String DOCUMENT = "META-INF/quarkus-generated-openapi-doc.JSON";
    private static final Set<String> OTHERS = Set.of("parameters", "servers", "summary", "description", "$ref");

    /** A name in braces, with the pattern that Jakarta REST allows after it. */
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

    /** @param bodies of each method the media types that it reads */
    private record Route(Pattern path, Map<String, Set<String>> bodies) {}

    private final ObjectMapper json;
    private volatile @Nullable List<Route> routes;

    DescribedRoutes(ObjectMapper json) {
        this.json = json;
    }

    /** Such as {@code GET, HEAD, OPTIONS}; at least OPTIONS, which every path knows. */
    String methods(String path) {
        Set<String> allowed = new TreeSet<>(Set.of("OPTIONS"));
        at(path).forEach(route -> allowed.addAll(route.bodies().keySet()));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        return String.join(", ", allowed);
    }

    /** Such as {@code application/json}; empty where the method reads no body that is described. */
    String bodies(String path, String method) {
        Set<String> types = new TreeSet<>();
        at(path).forEach(route -> types.addAll(route.bodies().getOrDefault(method, Set.of())));
        return String.join(", ", types);
    }

    private Stream<Route> at(String path) {
        List<Route> known = routes;
        if (known == null) {
            known = read();
            routes = known;
        }
        return known.stream().filter(route -> route.path().matcher(path).matches());
    }

    private List<Route> read() {
        List<Route> read = new ArrayList<>();
        try (InputStream document =
                Thread.currentThread().getContextClassLoader().getResourceAsStream(DOCUMENT)) {
            JsonNode paths = document == null ? null : json.readTree(document).get("paths");
            if (paths != null) {
                for (var path : paths.properties()) {
                    Map<String, Set<String>> bodies = new HashMap<>();
                    path.getValue().properties().forEach(member -> {
                        if (!OTHERS.contains(member.getKey())
                                && !member.getKey().startsWith("x-")) {
                            Set<String> types = new HashSet<>();
                            member.getValue()
                                    .path("requestBody")
                                    .path("content")
                                    .fieldNames()
                                    .forEachRemaining(types::add);
                            bodies.put(member.getKey().toUpperCase(Locale.ROOT), types);
                        }
                    });
                    read.add(new Route(pattern(path.getKey()), bodies));
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
