package org.vitrina.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Who may ask, and how it logs. It is mapped at the root of all our settings, so that a misspelt {@code vitrina.*} key is found and named at
 * the start, together with every other problem of the configuration.
 */
@ConfigMapping(prefix = "vitrina")
public interface AuthConfig {
    /** Whose tokens count: {@code off} none, every caller has every role; {@code demo} the install's own; {@code oidc} a provider's. */
    @WithName("auth")
    @WithDefault("off")
    @WithConverter(Mode.class)
    AuthMode auth();

    /** Whether a service with authentication off may listen where others can reach it. */
    @WithName("auth.allow-open-network")
    @WithDefault("false")
    boolean allowOpenNetwork();

    /** How it logs: {@code text} for people, {@code json} for a collector, one line of the Elastic Common Schema an event. */
    @WithDefault("text")
    LogFormat log();

    /** The two ways to log. */
    enum LogFormat {
        TEXT,
        JSON
    }

    /** Not to be set: it gathers what decides whether the ports may open. */
    @WithName("auth.checked-network")
    @WithDefault(
            "${vitrina.auth:off} ${vitrina.auth.allow-open-network:false} ${quarkus.http.host:} ${quarkus.management.host:}")
    @WithConverter(OpenNetwork.class)
    String checkedNetwork();

    /** Refuses what is no mode instead of running open by mistake. */
    final class Mode implements Converter<AuthMode> {
        private static final long serialVersionUID = 1;

        @Override
        public AuthMode convert(String value) {
            return switch (value) {
                case "off" -> AuthMode.OFF;
                case "demo" -> AuthMode.DEMO;
                case "oidc" -> AuthMode.OIDC;
                default -> throw new IllegalArgumentException("vitrina.auth must be off, demo or oidc.");
            };
        }
    }

    /** Refuses to serve without authentication where others can reach it. */
    final class OpenNetwork implements Converter<String> {
        private static final long serialVersionUID = 1;

        @Override
        public String convert(String value) {
            String[] parts = value.split(" ", -1);
            if (parts.length == 4 && parts[0].equals("off") && !parts[1].equals("true")) {
                for (int i = 2; i < 4; i++) {
                    if (!isLoopback(parts[i])) {
                        throw new IllegalArgumentException("with vitrina.auth=off this service listens on loopback"
                                + " addresses only, not on " + parts[i]
                                + ": set vitrina.auth.allow-open-network=true where the network is closed to others.");
                    }
                }
            }
            return value;
        }

        private static boolean isLoopback(String host) {
            return host.equals("localhost")
                    || host.equals("::1")
                    || host.equals("0:0:0:0:0:0:0:1")
                    || (host.startsWith("127.") && host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
        }
    }
}
