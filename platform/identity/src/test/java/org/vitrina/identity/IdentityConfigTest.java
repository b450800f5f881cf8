package org.vitrina.identity;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class IdentityConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                IdentityConfig.class,
                """
                issuer                 | vitrina-demo | https://login.example.com
                audience               | vitrina | shop
                roles-claim            | groups  | realm_access/roles
                user-claim             | sub     | user_id
                keys                   | -       | file:/keys.json
                keys-refresh           | 5m      | 6m   | 100ms..
                leeway                 | 30s     | 31s  | 0s..
                remembered-tokens      | 10000   | 7    | 0..
                signing-key            | -       | /key.pem
                service-token-lifetime | 10m     | 11m  | 10s..
                token-url              | -       | https://login.example.com/token
                client-id              | -       | shop-orders
                client-secret          | -       | x
                checked                | off [] [vitrina-demo]
                """);
    }
}
