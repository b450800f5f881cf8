package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class SessionConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                SessionConfig.class,
                """
                keys             | -    | AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
                idle             | 30m  | 5m     | 1s..30d
                absolute         | 12h  | 1h     | 1s..90d
                token-life       | 5m   | 1m     | 30s..1h
                redis-url        | -    | redis://redis:6379
                redis-ca-file    | -    | /etc/ca.crt
                redis-timeout    | 50ms | 20ms   | 1ms..1s
                oidc.scopes      | openid | openid offline_access | Pattern | offline_access
                oidc.parameters  | -    | audience=vitrina | Pattern | a b
                demo.customers   | 1,2,3,4 | 7
                demo.admin       | 901  | 7      | 1..
                demo.operator    | 902  | 8      | 1..
                limits.window    | 1m   | 10s    | 1s..1h
                limits.user      | 1200 | 100    | 0..10000000
                limits.address   | 6000 | 100    | 0..10000000
                limits.sign-in   | 20   | 5      | 0..10000000
                checked          | off/
                """);
    }

    @Test
    void aDemonstrationWithoutAKeyIsRefused() {
        SessionConfig.Kept kept = new SessionConfig.Kept();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> kept.convert("demo/"))
                .withMessageContaining("vitrina.session.keys");
        assertThat(kept.convert("off/")).isEqualTo("off/");
    }
}
