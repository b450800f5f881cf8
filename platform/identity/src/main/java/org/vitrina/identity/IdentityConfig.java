package org.vitrina.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;
import org.hibernate.validator.constraints.time.DurationMin;

/** By what a caller's token is judged, and how a service gets its own. */
@ConfigMapping(prefix = "vitrina.identity")
public interface IdentityConfig {
    /** The issuer that a token must name. */
    @WithDefault("vitrina-demo")
    String issuer();

    /** What a token's audience must contain. */
    @WithDefault("vitrina")
    String audience();

    /** Where a token has its roles: a claim, or a path to one with slashes between, such as {@code realm_access/roles}. */
    @WithDefault("groups")
    String rolesClaim();

    /**
     * The claim that has the user's id, a whole number, where the provider's own {@code sub} is none. A token without it is that
     * of no user.
     */
    @WithDefault("sub")
    String userClaim();

    /**
     * Where the public keys are: the URL of a JWKS, or {@code file:} and the path of a JWKS or PEM; left out: of {@code signing-key}, else
     * where the issuer's {@code /.well-known/openid-configuration} says.
     */
    Optional<String> keys();

    /** How old known keys may become before they are asked for again. */
    @WithDefault("5m")
    @DurationMin(millis = 100)
    Duration keysRefresh();

    /** How much the clocks of issuer and service may differ. */
    @WithDefault("30s")
    @DurationMin
    Duration leeway();

    /** How many verified tokens are remembered, so that each is verified once. */
    @WithDefault("10000")
    @Min(0)
    int rememberedTokens();

    /** The file of the install's private key (PEM, PKCS#8 or PKCS#1, RSA): a service signs its own tokens by it. */
    Optional<String> signingKey();

    /** How long a service's own token is valid; it is replaced at half of that. */
    @WithDefault("10m")
    @DurationMin(seconds = 10)
    Duration serviceTokenLifetime();

    /** The provider's token endpoint, where a service gets its own token by client credentials. */
    Optional<String> tokenUrl();

    /** The client that a service is at the provider; its name where it is left out. */
    Optional<String> clientId();

    /** The secret of that client. */
    Optional<String> clientSecret();

    /** Not to be set: it gathers what decides whether anybody can be verified. */
    @WithName("checked")
    @WithDefault(
            "${vitrina.auth:off} [${vitrina.identity.keys:}${vitrina.identity.signing-key:}] [${vitrina.identity.issuer:}]")
    @WithConverter(Verifiable.class)
    String checked();

    /** Refuses a mode in which nobody could be verified. */
    final class Verifiable implements Converter<String> {
        private static final long serialVersionUID = 1;

        @Override
        public String convert(String value) {
            if (value.startsWith("demo") || value.startsWith("oidc")) {
                if (value.startsWith("demo") && value.contains(" [] [")) {
                    throw new IllegalArgumentException(
                            "with vitrina.auth=demo vitrina.identity.keys must say where the issuer's public keys are.");
                }
                if (value.startsWith("oidc") && (value.endsWith(" []") || value.endsWith(" [vitrina-demo]"))) {
                    throw new IllegalArgumentException(
                            "with vitrina.auth=oidc vitrina.identity.issuer must name the provider.");
                }
                if (value.startsWith("oidc [] [") && !value.matches(".* \\[https?://.*")) {
                    throw new IllegalArgumentException(
                            "vitrina.identity.keys must say where the issuer's public keys are: its name is no URL to ask at.");
                }
            }
            return value;
        }
    }
}
