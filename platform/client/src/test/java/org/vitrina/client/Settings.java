package org.vitrina.client;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.stream.Collectors;

/** A dependency's settings as a service has them in its own mapping. */
final class Settings {
    private static final String PREFIX = "fake";

    private Settings() {}

    /** These, and the defaults. */
    static DependencyConfig of(Map<String, String> settings) {
        Map<String, String> named = settings.entrySet().stream()
                .collect(Collectors.toMap(entry -> PREFIX + "." + entry.getKey(), Map.Entry::getValue));
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(DependencyConfig.class, PREFIX)
                .withSources(new PropertiesConfigSource(named, "test", 100))
                .build()
                .getConfigMapping(DependencyConfig.class, PREFIX);
    }
}
