package org.vitrina.runtime;

import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidator;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import io.smallrye.config.common.AbstractConfigSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a start tell all problems of its configuration. SmallRye does not look at the bounds of a group of settings in which
 * a value cannot be read, so that they would be told at the next start only: here such a group is read once more, without
 * what cannot be read, and the bounds it breaks are logged, a line each, beside SmallRye's own report.
 */
public final class ConfigurationCheck implements SmallRyeConfigBuilderCustomizer {
    private static final Logger LOG = Logger.getLogger("org.vitrina.configuration");

    /** What SmallRye asks for once, when all groups have been read and before it reports. */
    private static final String ALL_READ = "smallrye.config.mapping.validate-unknown";

    private static final Pattern KEY = Pattern.compile("config property ([^ ]+) ");

    /** In place of a value that cannot be read and has no default: a number, a duration, a URI. */
    private static final String ANY = "0";

    private static final int MOST_ROUNDS = 100;

    private final Consumer<String> report;

    /** For SmallRye. */
    public ConfigurationCheck() {
        this(LOG::error);
    }

    ConfigurationCheck(Consumer<String> report) {
        this.report = report;
    }

    /** The last, when every validator is there. */
    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        ConfigValidator validator = validator(builder);
        if (validator == null) {
            return;
        }
        Set<Class<?>> whole = new HashSet<>();
        builder.withValidator((group, prefix, values) -> {
            whole.add(group);
            validator.validateMapping(group, prefix, values);
        });
        builder.withInterceptors(
                new Watch(() -> List.copyOf(builder.getMappingsBuilder().getMappings()), whole, validator, report));
    }

    private static @Nullable ConfigValidator validator(SmallRyeConfigBuilder builder) {
        ConfigValidator given = builder.getValidator();
        if (given != null && given != ConfigValidator.EMPTY) {
            return given;
        }
        if (!builder.isAddDiscoveredValidator()) {
            return null;
        }
        builder.setAddDiscoveredValidator(false);
        return ServiceLoader.load(ConfigValidator.class, builder.getClassLoader())
                .findFirst()
                .orElse(null);
    }

    /** Waits for the moment at which all groups have been read. */
    private static final class Watch implements ConfigSourceInterceptor {
        private static final long serialVersionUID = 1;

        private final transient Supplier<List<ConfigClass>> groups;
        private final transient Set<Class<?>> whole;
        private final transient ConfigValidator validator;
        private final transient Consumer<String> report;

        Watch(
                Supplier<List<ConfigClass>> groups,
                Set<Class<?>> whole,
                ConfigValidator validator,
                Consumer<String> report) {
            this.groups = groups;
            this.whole = whole;
            this.validator = validator;
            this.report = report;
        }

        @Override
        public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
            if (name.equals(ALL_READ)) {
                for (ConfigClass group : groups.get()) {
                    if (group.getType().getName().startsWith("org.vitrina.") && !whole.contains(group.getType())) {
                        boundsBroken(group, context, validator).forEach(report);
                    }
                }
            }
            return context.proceed(name);
        }
    }

    /** Reads a group again and again, each time without what could not be read before, until only bounds are left. */
    static Set<String> boundsBroken(
            ConfigClass group, ConfigSourceInterceptorContext context, ConfigValidator validator) {
        Map<String, @Nullable String> replaced = new HashMap<>();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<String> problems = problems(group, context, replaced, validator);
            boolean unreadable = false;
            for (String problem : problems) {
                Matcher key = KEY.matcher(problem);
                if (key.find()) {
                    unreadable = true;
                    if (replaced.containsKey(key.group(1)) && replaced.get(key.group(1)) != null) {
                        return Set.of(); // nothing can stand in its place
                    }
                    replaced.put(key.group(1), replaced.containsKey(key.group(1)) ? ANY : null);
                }
            }
            if (!unreadable) {
                Set<String> broken = new TreeSet<>(problems);
                broken.removeIf(problem -> replaced.keySet().stream().anyMatch(key -> problem.startsWith(key + " ")));
                return broken;
            }
        }
        return Set.of();
    }

    private static List<String> problems(
            ConfigClass group,
            ConfigSourceInterceptorContext context,
            Map<String, @Nullable String> replaced,
            ConfigValidator validator) {
        try {
            new SmallRyeConfigBuilder()
                    .addDiscoveredConverters()
                    .withSources(new Without(context, replaced))
                    .withValidateUnknown(false)
                    .withValidator(validator)
                    .withMapping(group)
                    .build();
            return List.of();
        } catch (ConfigValidationException e) {
            List<String> problems = new ArrayList<>();
            for (int i = 0; i < e.getProblemCount(); i++) {
                problems.add(e.getProblem(i).getMessage());
            }
            return problems;
        }
    }

    /** The configuration as it is, but for some keys: their default, or what stands in their place. */
    private static final class Without extends AbstractConfigSource {
        private static final long serialVersionUID = 1;

        private final transient ConfigSourceInterceptorContext context;
        private final transient Map<String, @Nullable String> replaced;

        Without(ConfigSourceInterceptorContext context, Map<String, @Nullable String> replaced) {
            super("all but what cannot be read", 100);
            this.context = context;
            this.replaced = replaced;
        }

        @Override
        public Set<String> getPropertyNames() {
            Set<String> names = new HashSet<>();
            for (Iterator<String> name = context.iterateNames(); name.hasNext(); ) {
                names.add(name.next());
            }
            names.removeAll(replaced.keySet());
            return names;
        }

        @Override
        public @Nullable String getValue(String name) {
            if (replaced.containsKey(name)) {
                return replaced.get(name);
            }
            ConfigValue value = context.proceed(name);
            return value == null ? null : value.getValue();
        }
    }
}
