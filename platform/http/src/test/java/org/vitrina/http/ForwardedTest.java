package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedTest {
    private static final TrustedProxies PROXIES = TrustedProxies.of("10.0.0.0/8,fd00::/8");

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,                      192.0.2.7",
        "'192.0.2.7, 10.1.1.1',          192.0.2.7",
        // what stands before a stranger's address is the stranger's own
        "'203.0.113.1, 192.0.2.7',       192.0.2.7",
        "'1.1.1.1, 192.0.2.7, 10.0.0.3', 192.0.2.7",
        "'10.0.0.2, 10.0.0.3',           10.0.0.2",
        "'2001:db8::7, fd00::1',         2001:db8::7",
        "'192.0.2.7, unknown',           ",
        "'192.0.2.7, ',                  ",
        "'',                             "
    })
    void theCallersAddressIsTheLastOneThatIsNoTrustedProxys(String said, @Nullable String client) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", said);

        assertThat(Forwarded.of(headers, PROXIES).client()).isEqualTo(client);
    }
}
