package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.128/25, 10.1.2.129, true",
        "10.1.2.128/25, 10.1.2.127, false",
        "192.168.1.7, 192.168.1.7, true",
        "192.168.1.7, 192.168.1.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fd12::9, true",
        "fd00::/8, fe80::9, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, proxy.example, false"
    })
    void knowsTheHostsOfItsNetworks(String network, String host, boolean contained) {
        assertThat(TrustedProxies.of(network).contain(host)).isEqualTo(contained);
    }

    @Test
    void hasSeveralNetworks() {
        TrustedProxies proxies = TrustedProxies.of("10.0.0.0/8, fd00::/8");

        assertThat(proxies.contain("10.0.0.1")).isTrue();
        assertThat(proxies.contain("fd00::1")).isTrue();
        assertThat(proxies.contain("172.16.0.1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "proxy", ",", "10.0.0.0/8,"
            })
    void refusesWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> TrustedProxies.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no network");
    }

    @ParameterizedTest
    @CsvSource({
        "/shop, /shop",
        "/shop/, /shop",
        "/a/b-c_d.e~1, /a/b-c_d.e~1",
        "'/outer, /inner', /outer/inner",
        "/, ''",
        "'', ''",
        "shop, ''",
        "//evil.example, ''",
        "/a//b, ''",
        "/a/../b, ''",
        "/.., ''",
        "/a/., ''",
        "/%2e%2e, ''",
        "'/a>; rel=\"next\"', ''",
        "'/good, http://evil.example', ''"
    })
    void takesOnlyAPathForAPrefix(String said, String prefix) {
        assertThat(ForwardedPrefix.prefix(List.of(said))).isEqualTo(prefix);
    }

    @Test
    void aPrefixHasABound() {
        assertThat(ForwardedPrefix.prefix(List.of("/" + "a".repeat(1023)))).hasSize(1024);
        assertThat(ForwardedPrefix.prefix(List.of("/" + "a".repeat(1024)))).isEmpty();
    }
}
