package org.vitrina.products;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProductsConfigTest {
    @Test
    void hasTheseDefaults() {
        var config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(ProductsConfig.class)
                .build()
                .getConfigMapping(ProductsConfig.class);
        assertThat(config.listMaxAge()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.listStaleIfError()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void hasTheseKeysAndNoOthers() {
        assertThat(ConfigMappings.getProperties(
                                ConfigMappings.ConfigClass.configClass(ProductsConfig.class, "vitrina.products"))
                        .keySet())
                .containsExactlyInAnyOrder("vitrina.products.list-max-age", "vitrina.products.list-stale-if-error");
    }
}
