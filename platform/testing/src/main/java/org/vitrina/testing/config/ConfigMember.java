package org.vitrina.testing.config;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A method of a mapping that has a value of its own, and that value.
 *
 * @param value null where an optional one is empty
 */
record ConfigMember(Method method, @Nullable Object value) {
    /** Every member of {@code mapping}, with those of the interfaces in it, by its full key. */
    static Map<String, ConfigMember> allOf(Class<?> mapping, Object instance, String prefix) {
        Map<String, ConfigMember> found = new TreeMap<>();
        add(mapping, instance, prefix, found);
        return found;
    }

    private static void add(Class<?> group, Object instance, String prefix, Map<String, ConfigMember> found) {
        for (Method method : group.getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || method.isDefault()) {
                continue;
            }
            String key = prefix + name(method);
            Object value = call(method, instance);
            if (method.getReturnType().getName().startsWith("org.vitrina.")
                    && !method.getReturnType().isEnum()) {
                add(method.getReturnType(), value, key + ".", found);
            } else if (value instanceof Map<?, ?> entries) {
                Class<?> type = (Class<?>) arguments(method)[1];
                entries.forEach((name, entry) -> add(type, entry, key + "." + name + ".", found));
            } else {
                found.put(key, new ConfigMember(method, unwrapped(value)));
            }
        }
    }

    private static String name(Method method) {
        WithName name = method.getAnnotation(WithName.class);
        return name != null ? name.value() : inHyphens(method.getName());
    }

    /** {@code oneName} as {@code one-name}. */
    static String inHyphens(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Object call(Method method, Object instance) {
        try {
            method.setAccessible(true); // a group may be package-private
            return method.invoke(instance);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method + " cannot be read", e);
        }
    }

    private static @Nullable Object unwrapped(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.orElse(null);
            case OptionalLong optional -> optional.isPresent() ? optional.getAsLong() : null;
            default -> value;
        };
    }

    private static Type[] arguments(Method method) {
        return ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments();
    }

    /** What {@code text} says in this member's type. */
    @Nullable
    Object read(SmallRyeConfig config, @Nullable String text) {
        if (text == null) {
            return null;
        }
        var converter = config.requireConverter(type());
        return isList() ? Stream.of(text.split(",")).map(converter::convert).toList() : converter.convert(text);
    }

    private boolean isList() {
        return method.getReturnType() == List.class || isListInOptional();
    }

    private boolean isListInOptional() {
        return method.getReturnType() == Optional.class
                && arguments(method)[0] instanceof ParameterizedType held
                && held.getRawType() == List.class;
    }

    /** The type of the value itself. */
    private Class<?> type() {
        Class<?> type = method.getReturnType();
        if (type == OptionalLong.class) {
            return Long.class;
        }
        if (type != Optional.class && type != List.class) {
            return type;
        }
        Type held = arguments(method)[0];
        return (Class<?>) (held instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : held);
    }

    /** Whether a word is no value of this type; of a text, a path, a URI and a truth value it is one. */
    boolean refusesWords() {
        return isNumber()
                || type().isEnum()
                || type() == Duration.class
                || type().getSimpleName().equals("MemorySize");
    }

    private boolean isNumber() {
        return Number.class.isAssignableFrom(type()) || (type().isPrimitive() && type() != boolean.class);
    }

    Bounds bounds() {
        return Bounds.declaredFor(method);
    }

    /** The bounds that are recorded as {@code text}. */
    Bounds boundsOf(String text, SmallRyeConfig config) {
        return Bounds.recorded(
                text,
                bound -> isNumber()
                        ? Bounds.number(bound)
                        : config.requireConverter(Duration.class).convert(bound));
    }

    @Nullable
    String beyondLower() {
        return Bounds.next(bounds().lower(), -1);
    }

    @Nullable
    String beyondUpper() {
        return Bounds.next(bounds().upper(), 1);
    }
}
