package org.vitrina.bff;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Sessions of browsers, which are there where authentication is on. */
@ConfigMapping(prefix = "vitrina.session")
public interface SessionConfig {
    /**
     * Keys that session cookies are encrypted with, 32 random bytes each as base64url, commas between; the first for new ones, all for those that
     * are there, so that a key can be replaced without signing anybody out. The same for all replicas.
     */
    Optional<String> keys();

    /** After how long without a request a session ends. */
    @WithDefault("30m")
    @DurationMin(seconds = 1)
    @DurationMax(days = 30)
    Duration idle();

    /** After how long a session ends in any case. */
    @WithDefault("12h")
    @DurationMin(seconds = 1)
    @DurationMax(days = 90)
    Duration absolute();

    /** How long a token counts that the BFF carries to a service for a session's user (demo). */
    @WithDefault("5m")
    @DurationMin(seconds = 30)
    @DurationMax(hours = 1)
    Duration tokenLife();

    /**
     * The Redis in which all replicas keep sessions that were signed out, the tokens of sessions (oidc, sealed by {@code keys}), and
     * their counts of requests; without it each keeps its own, and with oidc there can be but one. Never a Redis in the pod. {@code
     * redis://}, {@code rediss://} with TLS, or {@code redis-sentinel://[user:password@]host:port,host:port[/database]#name}: the
     * primary that its sentinels name.
     */
    Optional<URI> redisUrl();

    /** With rediss: a file with the certificates (PEM) of the authorities that are trusted; those that Java trusts without it. */
    Optional<String> redisCaFile();

    /** How long Redis may take for an answer; after that, and for a second, it is gone on without. */
    @WithDefault("50ms")
    @DurationMin(millis = 1)
    @DurationMax(seconds = 1)
    Duration redisTimeout();

    /** How browsers sign in where {@code vitrina.auth} is {@code oidc}. */
    OidcConfig oidc();

    /** Who can be chosen where {@code vitrina.auth} is {@code demo}. */
    DemoConfig demo();

    /** How many requests are taken; only where authentication is on. */
    LimitsConfig limits();

    /** Not to be set: it gathers what decides whether sessions can be kept. */
    @WithDefault("${vitrina.auth:off}/${vitrina.session.keys:}")
    @WithConverter(Kept.class)
    String checked();

    /** Refuses to offer sessions that no replica could read. */
    final class Kept implements Converter<String> {
        private static final long serialVersionUID = 1;

        @Override
        public String convert(String value) {
            if (value.equals("demo/")) {
                throw new IllegalArgumentException(
                        "with vitrina.auth=demo vitrina.session.keys must have a key: 32 random bytes as base64url.");
            }
            return value;
        }
    }

    /** What is asked of a provider; the client is that of {@code vitrina.identity}. */
    interface OidcConfig {
        /** Scopes, blanks between; many providers give a refresh token with {@code offline_access} only. */
        @WithDefault("openid")
        @Pattern(regexp = "openid( [\\x21\\x23-\\x5B\\x5D-\\x7E]+)*")
        String scopes();

        /** What else a provider wants to be asked, as in a URL: {@code audience=vitrina&prompt=login}. */
        Optional<@Pattern(regexp = "[A-Za-z0-9._~%=&+:/-]+") String> parameters();
    }

    /** The users of a demonstration. */
    interface DemoConfig {
        /** Customers that the page of signing in offers; any other customer's id can be typed. */
        @WithDefault("1,2,3,4")
        List<Integer> customers();

        /** The user with the role {@code admin}. */
        @WithDefault("901")
        @Min(1)
        int admin();

        /** The user with the role {@code operator}. */
        @WithDefault("902")
        @Min(1)
        int operator();
    }

    /** Requests in a window; each is refilled evenly. */
    interface LimitsConfig {
        /** Length of the windows. */
        @WithDefault("1m")
        @DurationMin(seconds = 1)
        @DurationMax(hours = 1)
        Duration window();

        /** Of one signed-in user; 0: no limit. */
        @WithDefault("1200")
        @Min(0)
        @Max(10_000_000)
        int user();

        /** From one address; 0: no limit. */
        @WithDefault("6000")
        @Min(0)
        @Max(10_000_000)
        int address();

        /** Attempts to sign in from one address; 0: no limit. */
        @WithDefault("20")
        @Min(0)
        @Max(10_000_000)
        int signIn();
    }
}
