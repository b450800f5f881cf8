import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Judges what {@code -Dquarkus.native.sources-only=true} wrote for one service: what native-image would leave out without
 * an error, and what must not be in it. {@code java -cp "lib/*:X-runner.jar" NativeSources.java FOLDER}; native-sources runs it.
 */
final class NativeSources {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NOT_NATIVE =
            List.of("org.postgresql.", "org.liquibase.", "io.agroal.", "io.quarkus.quarkus-jdbc-", "io.quarkus.quarkus-flyway");

    private static final Predicate<String> OWN_METADATA =
            Pattern.compile("META-INF/native-image/org\\.vitrina/[^/]+/reachability-metadata\\.json").asMatchPredicate();

    private final java.nio.file.Path folder;
    private final List<String> problems = new ArrayList<>();
    /** Class names to what reflection may see of them. */
    private final Map<String, JsonNode> registered = new HashMap<>();

    private NativeSources(java.nio.file.Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        var sources = new NativeSources(java.nio.file.Path.of(arguments[0]));
        int data = sources.judge();
        sources.problems.forEach(problem -> System.err.println("  " + problem));
        if (!sources.problems.isEmpty()) {
            System.exit(1);
        }
        System.out.printf(
                "%d classes for reflection, %d of them ours and JSON, no JDBC, TLS%n", sources.registered.size(), data);
    }

    private int judge() throws Exception {
        List<String> arguments = List.of(
                Files.readString(folder.resolve("native-image.args")).strip().split(" +"));
        java.nio.file.Path runner = folder.resolve(arguments.getLast());
        expect(Files.isRegularFile(runner), "native-image.args does not end with the program's jar");
        expect(arguments.contains("--no-fallback"), "an image that needs a JVM would be accepted (--no-fallback is missing)");
        expect(arguments.contains("--link-at-build-time"), "missing classes would show at run time only");
        expect(
                arguments.stream().anyMatch(argument -> argument.matches("--enable-url-protocols=.*\\bhttps\\b.*")),
                "TLS is left out (quarkus.ssl.native)");
        expect(
                arguments.stream().anyMatch(argument -> argument.startsWith("-march=")),
                "the processor that is needed is left to the builder (-march)");
        try (Stream<java.nio.file.Path> jars = Files.list(folder.resolve("lib"))) {
            jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> NOT_NATIVE.stream().anyMatch(jar::startsWith))
                    .forEach(jar -> problems.add(jar + " belongs to the migrations, not to a service"));
        }
        try (JarFile jar = new JarFile(runner.toFile())) {
            for (JsonNode entry : json(jar, "META-INF/native-image/reflect-config.json")) {
                registered.put(entry.get("name").asText(), entry);
            }
            int data = judgeData(jar);
            judgeOwnMetadata();
            return data;
        }
    }

    /** All types of ours that a resource takes or gives as JSON, and the classes that read or write them. */
    private int judgeData(JarFile jar) throws ClassNotFoundException {
        Set<Class<?>> data = new LinkedHashSet<>();
        List<String> ours = jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith("org/vitrina/") && name.endsWith("Resource.class"))
                .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                .toList();
        for (String name : ours) {
            Class<?> resource = load(name);
            if (!resource.isAnnotationPresent(Path.class)) {
                continue;
            }
            for (Method method : resource.getDeclaredMethods()) {
                if (Arrays.stream(method.getAnnotations())
                        .noneMatch(mark -> mark.annotationType().isAnnotationPresent(HttpMethod.class))) {
                    continue;
                }
                collect(method.getGenericReturnType(), data);
                for (Parameter parameter : method.getParameters()) {
                    if (isBody(parameter)) {
                        collect(parameter.getParameterizedType(), data);
                    }
                }
            }
        }
        expect(!ours.isEmpty(), "no resource was found in " + jar.getName());
        for (Class<?> type : data) {
            JsonNode entry = registered.get(type.getName());
            expect(
                    entry != null
                            && entry.path("allDeclaredConstructors").asBoolean()
                            && entry.path("allDeclaredMethods").asBoolean()
                            && entry.path("allDeclaredFields").asBoolean(),
                    type.getName() + " is JSON and not registered for reflection: add @RegisterForReflection");
            JsonDeserialize reads = type.getAnnotation(JsonDeserialize.class);
            JsonSerialize writes = type.getAnnotation(JsonSerialize.class);
            for (Class<?> codec : Stream.of(reads == null ? null : reads.using(), writes == null ? null : writes.using())
                    .filter(using -> using != null && using.getName().startsWith("org.vitrina."))
                    .toList()) {
                expect(registered.containsKey(codec.getName()), codec.getName() + " is not registered for reflection");
            }
        }
        return data.size();
    }

    private static boolean isBody(Parameter parameter) {
        return !parameter.isAnnotationPresent(BeanParam.class)
                && Arrays.stream(parameter.getAnnotations())
                        .map(Annotation::annotationType)
                        .noneMatch(mark -> mark.getName().startsWith("jakarta.ws.rs.")
                                || mark.getName().startsWith("org.jboss.resteasy."));
    }

    private static void collect(Type type, Set<Class<?>> into) {
        if (type instanceof ParameterizedType generic) {
            collect(generic.getRawType(), into);
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, into);
            }
        }
        if (type instanceof Class<?> plain
                && plain.getName().startsWith("org.vitrina.")
                && (plain.isRecord() || plain.isEnum())
                && into.add(plain)
                && plain.isRecord()) {
            for (RecordComponent component : plain.getRecordComponents()) {
                collect(component.getGenericType(), into);
            }
        }
    }

    /** Every class and method that our own metadata names is there: a misspelt one is passed over by native-image. */
    private void judgeOwnMetadata() throws IOException {
        int found = 0;
        try (Stream<java.nio.file.Path> jars = Files.list(folder.resolve("lib"))) {
            for (java.nio.file.Path ours :
                    jars.filter(jar -> jar.getFileName().toString().contains("org.vitrina.")).toList()) {
                try (JarFile jar = new JarFile(ours.toFile())) {
                    for (String file : jar.stream().map(JarEntry::getName).filter(OWN_METADATA).toList()) {
                        found++;
                        for (JsonNode entry : json(jar, file).path("reflection")) {
                            judge(entry, file);
                        }
                    }
                }
            }
        }
        expect(found > 0, "the platform's own metadata is not among the jars");
    }

    private void judge(JsonNode entry, String file) {
        JsonNode type = entry.get("type");
        try {
            if (type.isObject()) {
                for (JsonNode name : type.get("proxy")) {
                    expect(load(name.asText()).isInterface(), file + ": " + name.asText() + " is no interface");
                }
                return;
            }
            Class<?> named = load(type.asText());
            for (JsonNode method : entry.path("methods")) {
                List<Class<?>> parameters = new ArrayList<>();
                for (JsonNode parameter : method.get("parameterTypes")) {
                    parameters.add(load(parameter.asText()));
                }
                Class<?>[] types = parameters.toArray(Class<?>[]::new);
                if (method.get("name").asText().equals("<init>")) {
                    Constructor<?> ignored = named.getDeclaredConstructor(types);
                } else {
                    Method ignored = named.getDeclaredMethod(method.get("name").asText(), types);
                }
            }
        } catch (ReflectiveOperationException e) {
            problems.add(file + " names what is not there: " + e);
        }
    }

    private static Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name, false, NativeSources.class.getClassLoader());
    }

    private static JsonNode json(JarFile jar, String entry) throws IOException {
        try (InputStream in = URI.create("jar:" + java.nio.file.Path.of(jar.getName()).toUri() + "!/" + entry)
                .toURL()
                .openStream()) {
            return JSON.readTree(in);
        }
    }

    private void expect(boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }
}
