package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {
    private final HostNames names =
            new HostNames(Set.of("Shop.example.com", "b.example.com:8443", " c.example.com. ", "vitrina-bff.shop"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:9000",
                "LOCALHOST",
                "127.0.0.1:9000",
                "[::1]:9000",
                "10.0.3.4",
                "bff",
                "vitrina-bff:80",
                "vitrina-bff.shop.svc",
                "vitrina-bff.shop.svc.cluster.local:80",
                "app.localhost:9000",
                "shop.example.com",
                "SHOP.example.com.:443",
                "b.example.com",
                "c.example.com:80",
                "vitrina-bff.shop"
            })
    void nobodyElseCanTakeTheseNames(String host) {
        assertThat(names.contains(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example:9000",
                "shop.example.com.evil.example",
                "evil-svc.example",
                "svc.evil.example",
                "a@localhost.example",
                "vitrina-bff.other"
            })
    void aStrangersNameIsRefused(String host) {
        assertThat(names.contains(host)).isFalse();
        assertThat(new HostNames(Set.of("*")).contains(host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:9000, localhost:9000, , true",
        "https://Shop.example.com, shop.example.com, , true",
        "http://localhost:9001, localhost:9000, , false",
        "http://evil.example, localhost:9000, , false",
        "null, null, , false",
        "localhost:9000, localhost:9000, , false",
        "https://shop.example.com, shop.example.com, https, true",
        "https://shop.example.com, shop.example.com:443, https, true",
        "http://shop.example.com, shop.example.com, https, false",
        "https://shop.example.com, shop.example.com, http, false",
        "https://shop.example.com:80, shop.example.com, https, false"
    })
    void anOriginIsOfTheHostThatWasAsked(String origin, String host, @Nullable String scheme, boolean own) {
        assertThat(HostNames.isOf(origin, host, scheme)).isEqualTo(own);
    }
}
