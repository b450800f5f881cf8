package org.vitrina.reachability;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what a service looked up at run time with what its image would know. */
final class Comparison {
    private static final String VALIDATOR = "io.smallrye.config.validator.BeanValidationConfigValidator";

    private final Image image;
    private final Harmless harmless;
    private final Map<String, Constants> constants = new HashMap<>();

    Comparison(Image image, Harmless harmless) {
        this.image = image;
        this.harmless = harmless;
    }

    /** Whether the look-up would fail in the image, or find nothing, though it finds something on a JVM. */
    boolean misses(LookUp asked) {
        return isMadeAtRunTime(asked) && !isKnown(asked) && !harmless.cover(asked);
    }

    /** Classes are initialized when the image is built, but those that are named: what their initializers find is in the image. */
    private boolean isMadeAtRunTime(LookUp asked) {
        return asked.initializers().stream().allMatch(image::isInitializedAtRunTime);
    }

    private boolean isKnown(LookUp asked) {
        return switch (asked.kind()) {
            case "class" -> isKnownClass(asked);
            case "method", "constructor", "field" -> isKnownMember(asked);
            case "resource", "resource of class" -> isKnownResource(asked);
            case "bundle" -> image.knowsBundle(asked.subject()) || !bundleExists(asked.subject());
            case "service" -> isKnownService(asked.subject());
            case "proxy" ->
                image.knowsProxy(asked.subject())
                        || constants(asked)
                                .types()
                                .containsAll(List.of(asked.subject().split(",")));
            case "library" -> false;
            case "opened" -> true;
            default -> isKnownEnumeration(asked);
        };
    }

    private boolean isKnownClass(LookUp asked) {
        return load(asked.subject()).isEmpty()
                || image.knows(asked.subject())
                || constants(asked).strings().contains(asked.subject());
    }

    private boolean isKnownMember(LookUp asked) {
        if (asked.asker().equals(VALIDATOR)) {
            // only where the mapping is not public, and then images failed whatever was registered
            return false;
        }
        Optional<Class<?>> type = load(asked.subject());
        if (type.isEmpty() || isMadeAtRunTime(type.get())) {
            return true;
        }
        String all =
                switch (asked.kind()) {
                    case "method" -> Image.METHODS;
                    case "constructor" -> Image.CONSTRUCTORS;
                    default -> Image.FIELDS;
                };
        List<Class<?>> declaring = declaring(type.get(), asked);
        if (declaring.isEmpty()) {
            return true;
        }
        if (declaring.stream().anyMatch(owner -> image.knows(owner.getName(), all, asked.detail()))
                || image.knows(asked.subject(), all, asked.detail())) {
            return true;
        }
        Constants near = constants(asked);
        String name = asked.detail().replaceFirst("\\(.*", "");
        return near.types().contains(asked.subject())
                && (asked.kind().equals("constructor") || near.strings().contains(name));
    }

    /** The class and those above it that have the member. */
    private static List<Class<?>> declaring(Class<?> type, LookUp asked) {
        return above(type).filter(owner -> has(owner, asked)).collect(Collectors.toList());
    }

    private static Stream<Class<?>> above(Class<?> type) {
        Stream<Class<?>> further = Arrays.stream(type.getInterfaces()).flatMap(Comparison::above);
        if (type.getSuperclass() != null) {
            further = Stream.concat(above(type.getSuperclass()), further);
        }
        return Stream.concat(Stream.of(type), further);
    }

    private static boolean has(Class<?> owner, LookUp asked) {
        try {
            return switch (asked.kind()) {
                case "method" ->
                    Arrays.stream(owner.getDeclaredMethods())
                            .anyMatch(method -> asked.detail().equals(method.getName() + parameters(method)));
                case "constructor" ->
                    Arrays.stream(owner.getDeclaredConstructors())
                            .anyMatch(made -> asked.detail().equals("<init>" + parameters(made)));
                default ->
                    Arrays.stream(owner.getDeclaredFields())
                            .anyMatch(field -> asked.detail().equals(field.getName()));
            };
        } catch (LinkageError e) {
            return false;
        }
    }

    private static String parameters(Executable member) {
        return Arrays.stream(member.getParameterTypes()).map(Class::getName).collect(Collectors.joining(",", "(", ")"));
    }

    private boolean isKnownResource(LookUp asked) {
        String name = asked.subject();
        if (image.knowsResource(name) || !exists(name)) {
            return true;
        }
        // the analysis registers what a class literal is asked for by a string literal; what a class loader is asked
        // for it does not
        return asked.kind().equals("resource of class")
                && constants(asked).types().contains(asked.detail())
                && constants(asked).strings().stream()
                        .anyMatch(literal -> name.endsWith(literal.startsWith("/") ? literal.substring(1) : literal));
    }

    private boolean exists(String resource) {
        return image.classes().getResource(resource) != null;
    }

    private boolean bundleExists(String name) {
        String path = name.replace('.', '/');
        return load(name).isPresent() || exists(path + ".properties") || Jdk.has(path + ".properties");
    }

    /** The image does without its own treatment of services: the file is a resource, and its providers are reflection's. */
    private boolean isKnownService(String type) {
        String file = "META-INF/services/" + type;
        try {
            for (URL url : Collections.list(image.classes().getResources(file))) {
                if (!image.knowsResource(file)) {
                    return false;
                }
                try (InputStream in = url.openStream()) {
                    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    if (!text.lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .allMatch(provider -> image.knows(provider, Image.CONSTRUCTORS, "<init>()"))) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A list of members is shorter in the image, without an error. */
    private boolean isKnownEnumeration(LookUp asked) {
        Optional<Class<?>> type = load(asked.subject());
        if (type.isEmpty() || isMadeAtRunTime(type.get()) || type.get().getClassLoader() != image.classes()) {
            return true;
        }
        Class<?> listed = type.get();
        return switch (asked.kind()) {
            case "getMethods", "getDeclaredMethods" ->
                image.knowsSome(asked.subject(), Image.METHODS) || listed.getDeclaredMethods().length == 0;
            case "getConstructors", "getDeclaredConstructors" ->
                image.knowsSome(asked.subject(), Image.CONSTRUCTORS) || listed.getDeclaredConstructors().length == 0;
            case "getFields", "getDeclaredFields" ->
                image.knowsSome(asked.subject(), Image.FIELDS) || listed.getDeclaredFields().length == 0;
            default -> image.knows(asked.subject());
        };
    }

    /** Lambdas, proxies and the like have no name that anybody could register. */
    private static boolean isMadeAtRunTime(Class<?> type) {
        return type.isHidden() || type.isSynthetic() || java.lang.reflect.Proxy.isProxyClass(type);
    }

    private Optional<Class<?>> load(String name) {
        try {
            return Optional.of(Class.forName(name, false, image.classes()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    private Constants constants(LookUp asked) {
        return constants.computeIfAbsent(asked.asker() + asked.method() + asked.descriptor(), any -> {
            String file = asked.asker().replace('.', '/') + ".class";
            try (InputStream in = image.classes().getResourceAsStream(file)) {
                return in == null
                        ? new Constants(java.util.Set.of(), java.util.Set.of())
                        : Constants.of(in.readAllBytes(), asked.method(), asked.descriptor());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
