package org.vitrina.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatabaseAddressTest {
    private static String url(String given) {
        return new DatabaseAddress(given, "shop", "secret").url();
    }

    @Test
    void takesTheFormOfEveryDriver() {
        assertThat(url("postgresql://db:5432/shop?sslmode=require"))
                .isEqualTo(url("vertx-reactive:postgresql://db:5432/shop?sslmode=require"))
                .isEqualTo("jdbc:postgresql://db:5432/shop?sslmode=require");
    }

    @Test
    void ofSeveralServersThePrimaryIsAsked() {
        assertThat(url("postgresql://one:5432/shop,postgresql://other:5433/shop"))
                .isEqualTo("jdbc:postgresql://one:5432,other:5433/shop?targetServerType=primary");
        assertThat(url("jdbc:postgresql://one/shop?sslmode=require,jdbc:postgresql://other/shop?sslmode=require"))
                .isEqualTo("jdbc:postgresql://one,other/shop?sslmode=require&targetServerType=primary");
        assertThat(url("jdbc:postgresql://one,other/shop?targetServerType=any"))
                .isEqualTo("jdbc:postgresql://one,other/shop?targetServerType=any");
    }

    @Test
    void severalServersHoldOneDatabase() {
        assertThatThrownBy(() -> url("postgresql://one/shop,postgresql://other/till"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must differ in their hosts only");
    }
}
