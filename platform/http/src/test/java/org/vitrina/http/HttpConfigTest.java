package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.identity.AuthConfig;
import org.vitrina.identity.IdentityConfig;
import org.vitrina.overload.OverloadConfig;
import org.vitrina.runtime.ShutdownConfig;
import org.vitrina.testing.config.ConfigCheck;

class HttpConfigTest {
    private static final Map<String, String> LOOPBACK =
            Map.of("quarkus.http.host", "127.0.0.1", "quarkus.management.host", "127.0.0.1");

    private static SmallRyeConfig config(String... keysAndValues) {
        Map<String, String> given = new HashMap<>(LOOPBACK);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withMapping(AuthConfig.class)
                .withMapping(IdentityConfig.class)
                .withMapping(FaultsConfig.class)
                .withMapping(HttpConfig.class)
                .withMapping(ConnectionConfig.class)
                .withMapping(OverloadConfig.class)
                .withMapping(ShutdownConfig.class)
                .withSources(new PropertiesConfigSource(given, "given", 300))
                .build();
    }

    private static List<String> problems(String... keysAndValues) {
        try {
            config(keysAndValues);
            return List.of();
        } catch (ConfigValidationException e) {
            List<String> problems = new ArrayList<>();
            for (int i = 0; i < e.getProblemCount(); i++) {
                problems.add(e.getProblem(i).getMessage());
            }
            return problems;
        }
    }

    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                HttpConfig.class,
                """
                default-deadline         | 1s    | 2s
                max-deadline             | 1s    | 3s
                key-headers              | Idempotency-Key,X-Request-Id | Idempotency-Key | Pattern | X-Key
                problem-error-member     | false | true
                max-body                 | 64K   | 2K
                max-dropped-body         | 10M   | 3K
                upload-path              | -     | /files
                max-upload               | 16M   | 4M
                max-receive-time         | 10s   | 9s
                max-held                 | -     | 7M
                max-headers              | 20K   | 4K
                max-request-line         | 16K   | 5K
                max-streams              | 200   | 6    |  | 1.5
                warm-up-paths            | -     | /a /b
                warm-up-requests         | 128   | 8
                dependency-check-timeout | 800ms | 7ms
                """);
        ConfigCheck.of(FaultsConfig.class, "enabled | false | true");
        ConfigCheck.of(
                ConnectionConfig.class,
                """
                connection-age  | 30s | 31s | 100ms..
                trusted-proxies | -   | 10.0.0.0/8,fd00::/8 | | 10.0.0.0/33
                """);
        ConfigCheck.of(
                OverloadConfig.class,
                """
                enabled       | true  | false
                min-limit     | 64    | 8
                initial-limit | 256   | 9
                max-limit     | 10000 | 10
                target-delay  | 3ms   | 11ms
                queue-target  | 10ms  | 12ms
                queue-interval | 500ms | 13ms
                queue-memory  | 16M   | 7K
                """);
        ConfigCheck.of(
                ShutdownConfig.class,
                """
                delay   | 0s  | 12s
                timeout | 10s | 13s
                """);
        ConfigCheck.of(
                AuthConfig.class,
                LOOPBACK,
                """
                auth                    | off                           | demo |  | on
                auth.allow-open-network | false                         | true
                log                     | text                          | json |  | xml
                auth.checked-network    | off false 127.0.0.1 127.0.0.1
                """);
    }

    @Test
    void tellsAllProblemsAtOnce() {
        List<String> problems = problems(
                "vitrina.auth", "on",
                "vitrina.web.default-deadline", "soon",
                "vitrina.overload.min-limit", "many",
                "vitrina.web.max-boddy", "1M",
                "vitrina.prodcuts.page-size", "3");
        // the parser tells an unknown key once for each prefix it stands under
        assertThat(new HashSet<>(problems)).hasSize(5);
        assertThat(problems)
                .anySatisfy(line -> assertThat(line).contains("vitrina.auth must be off"))
                .anySatisfy(line -> assertThat(line).contains("vitrina.web.default-deadline"))
                .anySatisfy(line -> assertThat(line).contains("vitrina.overload.min-limit"))
                .anySatisfy(line -> assertThat(line).contains("vitrina.web.max-boddy"))
                .anySatisfy(line -> assertThat(line).contains("vitrina.prodcuts.page-size"));
    }

    @Test
    void refusesToListenOpenlyWithoutAuthentication() {
        assertThat(problems("quarkus.http.host", "0.0.0.0"))
                .singleElement()
                .asString()
                .contains("not on 0.0.0.0", "vitrina.auth.allow-open-network=true");
        assertThat(problems("quarkus.management.host", "10.0.0.7"))
                .singleElement()
                .asString()
                .contains("not on 10.0.0.7");
        assertThat(problems("quarkus.http.host", "127.evil.example")).hasSize(1);
        assertThat(problems("quarkus.http.host", "localhost", "quarkus.management.host", "127.0.0.9"))
                .isEmpty();
        assertThat(problems("quarkus.http.host", "0.0.0.0", "vitrina.auth.allow-open-network", "true"))
                .isEmpty();
    }
}
