package org.vitrina.bff.upstream;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Derives the settings of the MicroProfile Fault Tolerance annotations from {@code vitrina.bff.<dependency>.*}, so that a
 * user knows one set of names, and the same for each dependency.
 */
public final class FaultToleranceSettings implements ConfigSourceFactory {
    /** How much later than the cancelling limit the annotation's own timeout strikes. */
    private static final Duration BACKSTOP = Duration.ofMillis(100);

    private static final List<String> DEPENDENCIES =
            List.of("products", "inventory", "favorites", "cart", "orders", "wallet", "notifications", "predictions");

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        Map<String, String> settings = new HashMap<>();
        for (String name : DEPENDENCIES) {
            add(settings, name, context);
        }
        // Below the ordinal of application.properties: a key of the annotations set there or above still wins.
        return List.of(new PropertiesConfigSource(settings, "vitrina.bff to fault tolerance", 200));
    }

    private static void add(Map<String, String> settings, String name, ConfigSourceContext context) {
        String type = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        String breaker = "org.vitrina.bff." + name + "." + type + "Client/guarded/CircuitBreaker/";
        String attempts = "org.vitrina.bff." + name + "." + type + "Attempts/make/";
        try {
            int window = Integer.parseInt(value(context, name, "window", DependencyConfig.WINDOW));
            int maxFailures = Integer.parseInt(value(context, name, "max-failures", DependencyConfig.MAX_FAILURES));
            settings.put(breaker + "requestVolumeThreshold", Integer.toString(window));
            settings.put(
                    breaker + "failureRatio", Double.toString(Math.min(1, maxFailures / (double) Math.max(1, window))));
            millis(
                    settings,
                    breaker + "delay",
                    value(context, name, "reset-interval", DependencyConfig.RESET_INTERVAL));
            settings.put(
                    attempts + "Retry/maxRetries", value(context, name, "max-retries", DependencyConfig.MAX_RETRIES));
            Duration timeout =
                    DurationConverter.parseDuration(value(context, name, "timeout", DependencyConfig.TIMEOUT));
            settings.put(
                    attempts + "Timeout/value",
                    Long.toString(timeout.plus(BACKSTOP).toMillis()));
        } catch (RuntimeException e) {
            // A value that cannot be read is reported with all the others when BffConfig is validated.
            settings.keySet().removeIf(key -> key.startsWith(breaker) || key.startsWith(attempts));
        }
    }

    private static void millis(Map<String, String> settings, String key, String duration) {
        settings.put(
                key, Long.toString(DurationConverter.parseDuration(duration).toMillis()));
        settings.put(key + "Unit", "MILLIS");
    }

    private static String value(ConfigSourceContext context, String dependency, String key, String otherwise) {
        ConfigValue found = context.getValue("vitrina.bff." + dependency + "." + key);
        return found == null || found.getValue() == null
                ? otherwise
                : found.getValue().trim();
    }
}
