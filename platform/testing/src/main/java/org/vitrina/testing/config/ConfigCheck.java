package org.vitrina.testing.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.hibernate.validator.HibernateValidator;
import org.jspecify.annotations.Nullable;

/**
 * Compares a configuration mapping with a table of all its keys, a line each:
 *
 * <pre>{@code
 * ConfigCheck.of(OrdersConfig.class, """
 *         default-user | 3   | 4        | 1..
 *         saga.lease   | 10s | 1s       | 100ms..
 *         events.poll  | 1s  | 2s       |         | soon
 *         products, wallet:
 *         url          | !   | http://x |
 *         """);
 * }</pre>
 *
 * <p>The columns: the key under the mapping's prefix ({@code *}: any name); its default ({@code -}: none, {@code !}: it
 * must be given); another value that is read (empty: there is none); its bounds, or the name of its constraint; values
 * that are refused beside those beyond the bounds, with commas between. A line with a colon at its end names groups that
 * have all the keys after it.
 *
 * <p>A key, default or bound that is not as recorded fails. What is beyond a bound, of another type, or no key must be
 * refused with a message that names the key, all such keys at once.
 */
public final class ConfigCheck {
    private static final Validator VALIDATOR = Validation.byProvider(HibernateValidator.class)
            .configure()
            .defaultLocale(Locale.ENGLISH)
            .buildValidatorFactory()
            .getValidator();

    private final Class<?> mapping;
    private final String prefix;
    private final Map<String, String> given;
    private final Map<String, ConfigKey> recorded = new TreeMap<>();
    private final Map<String, ConfigMember> members;
    private final SmallRyeConfig withDefaults;
    private final SoftAssertions softly = new SoftAssertions();

    private ConfigCheck(Class<?> mapping, Map<String, String> given, String table) {
        this.mapping = mapping;
        this.prefix = mapping.getAnnotation(ConfigMapping.class).prefix() + ".";
        this.given = new HashMap<>(given);
        ConfigKey.parse(table).forEach(key -> recorded.put(prefix + key.name(), key));
        assertThat(recorded.keySet())
                .as("recorded keys of " + mapping.getSimpleName())
                .isEqualTo(named(ConfigMappings.getProperties(ConfigClass.configClass(mapping))
                        .keySet()));
        recorded.forEach((key, line) -> {
            if (line.mustBeGiven() && line.other() != null) {
                this.given.put(key, line.other());
            }
        });
        this.withDefaults = config(Map.of());
        this.members = members(withDefaults);
    }

    /** Checks {@code mapping}; fails with all differences. */
    public static void of(Class<?> mapping, String table) {
        of(mapping, Map.of(), table);
    }

    /** As {@link #of(Class, String)}, with settings of others that the mapping's defaults refer to. */
    public static void of(Class<?> mapping, Map<String, String> given, String table) {
        new ConfigCheck(mapping, given, table).check();
    }

    private void check() {
        hasTheseDefaults();
        readsTheseOthers();
        hasTheseBounds();
        refusesAll((key, member) -> member.refusesWords() ? "no-value" : null, "");
        refusesToBeWithoutWhatMustBeGiven();
        recorded.forEach((key, line) -> line.refused().forEach(value -> refuses(Map.of(key, value), "")));
        groups().forEach(group -> refuses(Map.of(group + "no-such-key", "1"), ""));
        softly.assertAll();
    }

    private void hasTheseDefaults() {
        members.forEach((key, member) -> {
            ConfigKey line = line(key);
            if (!line.mustBeGiven()) {
                softly.assertThat(member.value())
                        .as("default of " + key)
                        .isEqualTo(member.read(withDefaults, line.standard()));
            }
        });
    }

    private void readsTheseOthers() {
        Map<String, String> others = new HashMap<>();
        recorded.forEach((key, line) -> {
            if (line.other() != null) {
                others.put(key, line.other());
            }
        });
        Map<String, ConfigMember> changed = members(config(others));
        members.forEach((key, member) -> {
            ConfigKey line = line(key);
            if (line.other() != null) {
                Object other = member.read(withDefaults, line.other());
                softly.assertThat(requireNonNull(changed.get(key)).value())
                        .as(key)
                        .isEqualTo(other);
                softly.assertThat(other)
                        .as("another value of " + key)
                        .isNotEqualTo(member.read(withDefaults, line.standard()));
            }
        });
    }

    private void hasTheseBounds() {
        members.forEach((key, member) -> softly.assertThat(member.bounds())
                .as("bounds of " + key)
                .isEqualTo(member.boundsOf(line(key).bounds(), withDefaults)));
        refusesAll((key, member) -> member.beyondLower(), " or equal to ");
        refusesAll((key, member) -> member.beyondUpper(), " or equal to ");
    }

    /** Gives every key the value that {@code wrong} says, all at once: each must be complained of. */
    private void refusesAll(BiFunction<String, ConfigMember, @Nullable String> wrong, String message) {
        Map<String, String> settings = new HashMap<>();
        members.forEach((key, member) -> {
            String value = wrong.apply(key, member);
            if (value != null) {
                settings.put(key, value);
            }
        });
        refuses(settings, message);
    }

    private void refusesToBeWithoutWhatMustBeGiven() {
        Map<String, String> settings = new HashMap<>(given);
        settings.keySet().removeAll(recorded.keySet());
        List<String> problems = problems(settings);
        recorded.forEach((key, line) -> {
            if (line.mustBeGiven() && !line.isOfAMap()) {
                softly.assertThat(problems)
                        .as("what is said where there is no " + key)
                        .anyMatch(problem -> problem.contains(key));
            }
        });
    }

    private void refuses(Map<String, String> settings, String message) {
        Map<String, String> all = new HashMap<>(given);
        all.putAll(settings);
        List<String> problems = problems(all);
        settings.forEach((key, value) -> softly.assertThat(problems)
                .as("what is said of " + key + "=" + value)
                .anyMatch(problem -> problem.contains(key) && problem.contains(message)));
    }

    /** What is recorded of a key that there is. */
    private ConfigKey line(String key) {
        return requireNonNull(recorded.get(key));
    }

    /** The prefixes of all groups, this mapping's own among them. */
    private Set<String> groups() {
        Set<String> groups = new TreeSet<>();
        recorded.forEach((key, line) -> {
            if (!line.isOfAMap()) {
                groups.add(key.substring(0, key.lastIndexOf('.') + 1));
            }
        });
        return groups;
    }

    private Map<String, ConfigMember> members(SmallRyeConfig config) {
        return ConfigMember.allOf(mapping, config.getConfigMapping(mapping), prefix);
    }

    private List<String> problems(Map<String, String> settings) {
        try {
            build(settings);
            return List.of();
        } catch (ConfigValidationException e) {
            return IntStream.range(0, e.getProblemCount())
                    .mapToObj(i -> inHyphens(e.getProblem(i).getMessage()))
                    .toList();
        }
    }

    /** The validator tells a group by the name of its method, not as it is written. */
    private static String inHyphens(String problem) {
        return Pattern.compile("^\\S+ must ").matcher(problem).replaceFirst(key -> ConfigMember.inHyphens(key.group()));
    }

    private SmallRyeConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(given);
        all.putAll(settings);
        return build(all);
    }

    private SmallRyeConfig build(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withMapping(mapping)
                .withSources(new PropertiesConfigSource(settings, "test", 300))
                .withValidator((BeanValidationConfigValidator) () -> VALIDATOR)
                .build();
    }

    /** With the name that a map's entry gets here; a list is one key, whatever its length. */
    private static Set<String> named(Set<String> keys) {
        return keys.stream()
                .filter(key -> !key.endsWith("[*]"))
                .map(key -> key.replace(".*.", "." + ConfigKey.ANY + "."))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
