package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.overload.OverloadConfig;
import org.vitrina.runtime.ShutdownConfig;

class HttpConfigTest {
    private static SmallRyeConfig config(String... keysAndValues) {
        Map<String, String> given = new HashMap<>();
        given.put("quarkus.http.host", "127.0.0.1");
        given.put("quarkus.management.host", "127.0.0.1");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withMapping(AuthConfig.class)
                .withMapping(HttpConfig.class)
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
    void hasItsDefaults() {
        HttpConfig web = config().getConfigMapping(HttpConfig.class);
        assertThat(web.defaultDeadline()).isEqualTo(Duration.ofSeconds(1));
        assertThat(web.maxDeadline()).isEqualTo(Duration.ofSeconds(1));
        assertThat(web.problemErrorMember()).isFalse();
        assertThat(web.maxBody().asLongValue()).isEqualTo(1_048_576);
        assertThat(web.maxDroppedBody().asLongValue()).isEqualTo(10_485_760);
        assertThat(web.maxHeaders().asLongValue()).isEqualTo(20_480);
        assertThat(web.maxRequestLine().asLongValue()).isEqualTo(16_384);
        assertThat(web.maxStreams()).isEqualTo(200);
        assertThat(web.dependencyCheckTimeout()).isEqualTo(Duration.ofMillis(800));
        OverloadConfig overload = config().getConfigMapping(OverloadConfig.class);
        assertThat(overload.enabled()).isTrue();
        assertThat(overload.minLimit()).isEqualTo(64);
        assertThat(overload.initialLimit()).isEqualTo(256);
        assertThat(overload.maxLimit()).isEqualTo(10_000);
        assertThat(overload.targetDelay()).isEqualTo(Duration.ofMillis(3));
        ShutdownConfig shutdown = config().getConfigMapping(ShutdownConfig.class);
        assertThat(shutdown.delay()).isEqualTo(Duration.ZERO);
        assertThat(shutdown.timeout()).isEqualTo(Duration.ofSeconds(10));
        AuthConfig auth = config().getConfigMapping(AuthConfig.class);
        assertThat(auth.auth()).isEqualTo("off");
        assertThat(auth.allowOpenNetwork()).isFalse();
    }

    @Test
    void readsEveryKey() {
        SmallRyeConfig config = config(
                "vitrina.web.default-deadline", "2s",
                "vitrina.web.max-deadline", "3s",
                "vitrina.web.problem-error-member", "true",
                "vitrina.web.max-body", "2K",
                "vitrina.web.max-dropped-body", "3K",
                "vitrina.web.max-headers", "4K",
                "vitrina.web.max-request-line", "5K",
                "vitrina.web.max-streams", "6",
                "vitrina.web.dependency-check-timeout", "7ms",
                "vitrina.overload.enabled", "false",
                "vitrina.overload.min-limit", "8",
                "vitrina.overload.initial-limit", "9",
                "vitrina.overload.max-limit", "10",
                "vitrina.overload.target-delay", "11ms",
                "vitrina.shutdown.delay", "12s",
                "vitrina.shutdown.timeout", "13s",
                "vitrina.auth.allow-open-network", "true");
        HttpConfig web = config.getConfigMapping(HttpConfig.class);
        assertThat(web.defaultDeadline()).isEqualTo(Duration.ofSeconds(2));
        assertThat(web.maxDeadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(web.problemErrorMember()).isTrue();
        assertThat(web.maxBody().asLongValue()).isEqualTo(2048);
        assertThat(web.maxDroppedBody().asLongValue()).isEqualTo(3072);
        assertThat(web.maxHeaders().asLongValue()).isEqualTo(4096);
        assertThat(web.maxRequestLine().asLongValue()).isEqualTo(5120);
        assertThat(web.maxStreams()).isEqualTo(6);
        assertThat(web.dependencyCheckTimeout()).isEqualTo(Duration.ofMillis(7));
        OverloadConfig overload = config.getConfigMapping(OverloadConfig.class);
        assertThat(overload.enabled()).isFalse();
        assertThat(overload.minLimit()).isEqualTo(8);
        assertThat(overload.initialLimit()).isEqualTo(9);
        assertThat(overload.maxLimit()).isEqualTo(10);
        assertThat(overload.targetDelay()).isEqualTo(Duration.ofMillis(11));
        ShutdownConfig shutdown = config.getConfigMapping(ShutdownConfig.class);
        assertThat(shutdown.delay()).isEqualTo(Duration.ofSeconds(12));
        assertThat(shutdown.timeout()).isEqualTo(Duration.ofSeconds(13));
        assertThat(config.getConfigMapping(AuthConfig.class).allowOpenNetwork()).isTrue();
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

    @Test
    void refusesValuesThatCannotWork() {
        assertThatThrownBy(() -> config("vitrina.web.max-streams", "1.5"))
                .isInstanceOf(ConfigValidationException.class);
    }
}
