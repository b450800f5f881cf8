package org.vitrina.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void isWhatTheConfigurationInterfacesSay() throws IOException {
        assertThat(Files.readString(ConfigurationDoc.page(ROOT)))
                .as("docs/configuration.md is out of date: run `%s`", ConfigurationDoc.COMMAND)
                .isEqualTo(ConfigurationDoc.text(ROOT));
    }

    @Test
    void givesKeysOfNestedAndInheritedInterfacesInFull() throws IOException {
        assertThat(ConfigurationDoc.text(ROOT))
                .contains("| `vitrina.bff.products.max-failures`<br>`VITRINA_BFF_PRODUCTS_MAX_FAILURES` |")
                .contains("| `vitrina.cache.memory.max-entries`<br>`VITRINA_CACHE_MEMORY_MAX_ENTRIES` |")
                .contains("| `vitrina.auth.allow-open-network`<br>`VITRINA_AUTH_ALLOW_OPEN_NETWORK` |");
    }
}
