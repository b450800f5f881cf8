package org.vitrina.client;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Derives the settings of the fault tolerance annotations on {@code XClient.guarded}, and those of the declared {@code
 * XRestClient}, from {@code vitrina.<service>.<x>.*}, so that a user knows one set of names ({@link DependencyConfig}).
 *
 * <p>There is no list of dependencies: the class that asks for a setting says which it is. {@code
 * org.vitrina.bff.cart.CartClient} is the dependency cart of bff, wherever its group is in that service's settings.
 */
public final class GuardSettings implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1;

    /** How much later than the cancelling limit the annotation's own timeout strikes. */
    static final Duration BACKSTOP = Duration.ofMillis(100);

    private static final Pattern GUARD =
            Pattern.compile("org\\.vitrina\\.([a-z]+)\\.(?:[a-z]+\\.)*([A-Z]\\w*)Client/guarded/(\\w+/\\w+)");
    private static final Pattern REST = Pattern.compile(
            "quarkus\\.rest-client\\.\"org\\.vitrina\\.([a-z]+)\\.(?:[a-z]+\\.)*([A-Z]\\w*)RestClient\"\\.([a-z-]+)");

    private final transient Map<String, String> prefixes = new ConcurrentHashMap<>();

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue set = context.proceed(name);
        if (set != null && set.getValue() != null) {
            return set;
        }
        Pattern pattern =
                name.startsWith("org.vitrina.") ? GUARD : name.startsWith("quarkus.rest-client.\"") ? REST : null;
        Matcher asked = pattern == null ? null : pattern.matcher(name);
        if (asked == null || !asked.matches()) {
            return set;
        }
        String prefix = prefix(context, asked.group(1), dependency(asked.group(2)));
        String value = prefix == null ? null : derived(key -> value(context, prefix + key), asked.group(3));
        return value == null
                ? set
                : ConfigValue.builder()
                        .withName(name)
                        .withValue(value)
                        .withConfigSourceName("derived from " + prefix)
                        .build();
    }

    private interface Settings {
        @Nullable
        String get(String key);

        default String get(String key, String otherwise) {
            String value = get(key);
            return value == null ? otherwise : value;
        }
    }

    private static @Nullable String derived(Settings settings, String asked) {
        try {
            return switch (asked) {
                case "CircuitBreaker/requestVolumeThreshold" -> settings.get("window", CallConfig.WINDOW);
                case "CircuitBreaker/failureRatio" -> {
                    int window = Integer.parseInt(settings.get("window", CallConfig.WINDOW));
                    int most = Integer.parseInt(settings.get("max-failures", CallConfig.MAX_FAILURES));
                    yield Double.toString(Math.min(1, most / (double) Math.max(1, window)));
                }
                case "CircuitBreaker/delay" ->
                    millis(settings.get("reset-interval", CallConfig.RESET_INTERVAL), Duration.ZERO);
                case "CircuitBreaker/delayUnit" -> "MILLIS";
                case "Retry/maxRetries" -> settings.get("max-retries", CallConfig.MAX_RETRIES);
                case "Timeout/value" -> millis(settings.get("timeout", CallConfig.TIMEOUT), BACKSTOP);
                case "url" -> settings.get("url");
                case "connect-timeout" ->
                    millis(settings.get("connect-timeout", CallConfig.CONNECT_TIMEOUT), Duration.ZERO);
                case "connection-pool-size" -> settings.get("max-connections", CallConfig.MAX_CONNECTIONS);
                default -> null;
            };
        } catch (RuntimeException e) {
            // A value that cannot be read is reported with all the others when the service's mapping is validated.
            return null;
        }
    }

    private static String millis(String duration, Duration more) {
        return Long.toString(
                DurationConverter.parseDuration(duration).plus(more).toMillis());
    }

    /** {@code SmsGateway} is {@code sms-gateway}. */
    private static String dependency(String type) {
        return type.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** Where the dependency's settings are: the group of the service that has its url; null where there is none. */
    private @Nullable String prefix(ConfigSourceInterceptorContext context, String service, String dependency) {
        return prefixes.computeIfAbsent(service + "." + dependency, asked -> {
            String start = "vitrina." + service + ".";
            String end = dependency + ".url";
            if (value(context, start + end) != null) {
                return start + dependency + ".";
            }
            Iterator<String> names = context.iterateNames();
            while (names.hasNext()) {
                String name = names.next();
                if (name.startsWith(start) && name.endsWith("." + end)) {
                    return name.substring(0, name.length() - "url".length());
                }
            }
            return null;
        });
    }

    private static @Nullable String value(ConfigSourceInterceptorContext context, String name) {
        ConfigValue found = context.restart(name);
        return found == null || found.getValue() == null
                ? null
                : found.getValue().trim();
    }
}
