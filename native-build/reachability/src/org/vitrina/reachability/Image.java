package org.vitrina.reachability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a native image of a service would know, by what {@code native-build/native-sources} wrote: the registrations of Quarkus
 * in the program's jar, the reachability metadata of all jars, the arguments for native-image.
 */
final class Image implements AutoCloseable {
    static final String METHODS = "all methods";
    static final String CONSTRUCTORS = "all constructors";
    static final String FIELDS = "all fields";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern INCLUDED = Pattern.compile("-H:IncludeResources=(\\S+)");
    private static final Pattern AT_RUN_TIME = Pattern.compile("--initialize-at-run-time=([^\\s\\\\]+)");
    private static final String METADATA = "META-INF/native-image/";
    /** Of Quarkus: registers nothing for reflection, but names each class that is initialized at run time. */
    private static final String FEATURE = "io/quarkus/runner/Feature.class";

    /** Of Hibernate: names the classes whose constructors its own feature registers. */
    private static final String HIBERNATE = "org/hibernate/graalvm/internal/StaticClassLists.class";

    private final URLClassLoader classes;
    private final Map<String, Set<String>> reflection = new HashMap<>();
    private final Set<String> proxies = new HashSet<>();
    private final Set<String> bundles = new HashSet<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private final List<PathMatcher> globs = new ArrayList<>();
    private final Set<String> atRunTime = new HashSet<>();
    private final Set<String> substituted = new TreeSet<>();

    Image(Path sources, Path agent, Substitutions substitutions) throws IOException {
        List<String> arguments = List.of(
                Files.readString(sources.resolve("native-image.args")).strip().split(" +"));
        List<Path> jars = new ArrayList<>(List.of(sources.resolve(arguments.getLast()), agent));
        try (Stream<Path> libraries = Files.list(sources.resolve("lib"))) {
            libraries.sorted().forEach(jars::add);
        }
        this.classes = new URLClassLoader(
                jars.stream().map(Image::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        for (Path jar : jars) {
            read(jar, arguments);
            substituted.addAll(substitutions.of(jar));
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void read(Path path, List<String> arguments) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (name.startsWith(METADATA) && !isExcluded(path, name, arguments)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        read(name, in);
                    }
                } else if (name.equals(FEATURE)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        atRunTime.addAll(Constants.stringsBefore(in.readAllBytes(), "initializeAtRunTime"));
                    }
                } else if (name.equals(HIBERNATE)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        Constants.of(in.readAllBytes()).types().forEach(type -> members(type)
                                .add(CONSTRUCTORS));
                    }
                }
            }
        }
    }

    private static boolean isExcluded(Path jar, String entry, List<String> arguments) {
        for (int i = 0; i + 2 < arguments.size(); i++) {
            if (arguments.get(i).equals("--exclude-config")
                    && Pattern.compile(arguments.get(i + 1))
                            .matcher(jar.toString())
                            .find()
                    && Pattern.compile(arguments.get(i + 2))
                            .matcher("/" + entry)
                            .find()) {
                return true;
            }
        }
        return false;
    }

    private void read(String name, InputStream in) throws IOException {
        switch (name.substring(name.lastIndexOf('/') + 1)) {
            case "reflect-config.json" -> JSON.readTree(in).forEach(this::reflection);
            case "proxy-config.json" ->
                JSON.readTree(in)
                        .forEach(entry -> proxies.add(joined(entry.isArray() ? entry : entry.path("interfaces"))));
            case "resource-config.json" -> {
                JsonNode tree = JSON.readTree(in);
                tree.path("bundles")
                        .forEach(bundle -> bundle(bundle.path("name").asText()));
                JsonNode resources = tree.path("resources");
                (resources.isArray() ? resources : resources.path("includes")).forEach(this::resource);
            }
            case "reachability-metadata.json" -> {
                JsonNode tree = JSON.readTree(in);
                tree.path("reflection").forEach(this::reflection);
                tree.path("resources").forEach(this::resource);
                tree.path("bundles")
                        .forEach(bundle -> bundle(bundle.path("name").asText()));
            }
            case "native-image.properties" -> arguments(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            default -> {
                // nothing that a look-up needs
            }
        }
    }

    private void reflection(JsonNode entry) {
        JsonNode type = entry.has("type") ? entry.get("type") : entry.get("name");
        if (type.has("proxy")) {
            proxies.add(joined(type.get("proxy")));
            return;
        }
        Set<String> members = members(type.asText());
        for (String all : List.of("Declared", "Public")) {
            for (String query : List.of("all", "queryAll")) {
                mark(members, entry.path(query + all + "Methods"), METHODS);
                mark(members, entry.path(query + all + "Constructors"), CONSTRUCTORS);
            }
            mark(members, entry.path("all" + all + "Fields"), FIELDS);
        }
        for (String list : List.of("methods", "queriedMethods")) {
            entry.path(list)
                    .forEach(method -> members.add(
                            method.get("name").asText() + "(" + joined(method.path("parameterTypes")) + ")"));
        }
        entry.path("fields").forEach(field -> members.add(field.path("name").asText()));
    }

    private Set<String> members(String type) {
        return reflection.computeIfAbsent(type, any -> new HashSet<>());
    }

    private static void mark(Set<String> members, JsonNode flag, String all) {
        if (flag.asBoolean()) {
            members.add(all);
        }
    }

    private static String joined(JsonNode names) {
        List<String> all = new ArrayList<>();
        names.forEach(name -> all.add(name.asText()));
        return String.join(",", all);
    }

    private void resource(JsonNode entry) {
        if (entry.has("bundle")) {
            bundle(entry.get("bundle").asText());
        } else if (entry.has("glob")) {
            globs.add(FileSystems.getDefault()
                    .getPathMatcher("glob:" + entry.get("glob").asText()));
        } else {
            String pattern = entry.get("pattern").asText();
            patterns.add(Pattern.compile(pattern.replaceFirst("^[a-z.]+:", "")));
        }
    }

    private void bundle(String name) {
        bundles.add(name.substring(name.indexOf(':') + 1));
    }

    private void arguments(String text) {
        Matcher included = INCLUDED.matcher(text);
        while (included.find()) {
            patterns.add(Pattern.compile(included.group(1)));
        }
        Matcher late = AT_RUN_TIME.matcher(text);
        while (late.find()) {
            atRunTime.addAll(List.of(late.group(1).split(",")));
        }
    }

    /** As if a class or a bundle had never been registered; false where it is not. */
    boolean forget(String name) {
        return reflection.remove(name) != null | bundles.remove(name);
    }

    /** As {@code class.method}. */
    Set<String> substituted() {
        return substituted;
    }

    boolean isInitializedAtRunTime(String type) {
        return atRunTime.contains(type);
    }

    boolean knows(String type) {
        return reflection.containsKey(type);
    }

    boolean knows(String type, String all, String member) {
        Set<String> members = reflection.getOrDefault(type, Set.of());
        return members.contains(all) || members.contains(member);
    }

    /** Whether something of that kind is registered, so that a list of members is not empty. */
    boolean knowsSome(String type, String all) {
        return reflection.getOrDefault(type, Set.of()).stream()
                .anyMatch(member -> member.equals(all)
                        || switch (all) {
                            case CONSTRUCTORS -> member.startsWith("<init>(");
                            case METHODS -> member.endsWith(")") && !member.startsWith("<init>(");
                            default -> !member.endsWith(")") && !member.startsWith("all ");
                        });
    }

    boolean knowsProxy(String interfaces) {
        return proxies.contains(interfaces);
    }

    boolean knowsBundle(String name) {
        return bundles.contains(name);
    }

    boolean knowsResource(String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches())
                || globs.stream().anyMatch(glob -> glob.matches(new File(name).toPath()));
    }

    ClassLoader classes() {
        return classes;
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }
}
