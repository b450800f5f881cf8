package org.vitrina.identity;

import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonString;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** What a provider tells this service as its client, who is signed in and who no longer: ID tokens and logout tokens. */
@ApplicationScoped
public class ClientTokens {
    private final VerificationKeys keys;
    private final String client;
    private volatile @Nullable Reader reader;

    ClientTokens(
            VerificationKeys keys,
            IdentityConfig config,
            @ConfigProperty(name = "quarkus.application.name") String name) {
        this.keys = keys;
        this.client = config.clientId().orElse(name);
    }

    private record Reader(VerificationKeys.Known by, JWTParser parser) {}

    /** What a verified token says: whom it is about, of which session at the provider, and what has happened. */
    public record Said(@Nullable String subject, @Nullable String session, @Nullable String nonce, Set<String> events) {
        private static Said of(JsonWebToken token) {
            Object events = token.getClaim("events");
            Set<String> names = new HashSet<>();
            if (events instanceof Map<?, ?> each) {
                each.keySet().forEach(name -> names.add(String.valueOf(name)));
            }
            return new Said(token.getSubject(), text(token, "sid"), text(token, "nonce"), Set.copyOf(names));
        }

        private static @Nullable String text(JsonWebToken token, String claim) {
            Object value = token.getClaim(claim);
            return value instanceof JsonString json ? json.getString() : value == null ? null : value.toString();
        }
    }

    /** As which client this service is known to the provider. */
    public String client() {
        return client;
    }

    /** Fails with a problem where the token is not the provider's, not for this client, or not valid now. */
    public Uni<Said> verify(String token) {
        VerificationKeys.Known known = keys.known();
        return known == null
                ? keys.refresh().map(fetched -> read(fetched, token))
                : Uni.createFrom().item(() -> read(known, token)).onFailure().recoverWithUni(refused -> keys
                        // the issuer may have new keys since
                        .refreshAtMostOnceASecond()
                        .map(fetched -> read(fetched, token)));
    }

    private Said read(VerificationKeys.Known by, String token) {
        Reader now = reader;
        if (now == null || !now.by.equals(by)) {
            now = new Reader(by, keys.parser(by.text(), client));
            reader = now;
        }
        try {
            return Said.of(now.parser.parse(token));
        } catch (ParseException failed) {
            InvalidJwtException invalid = TokenVerifier.cause(failed, InvalidJwtException.class);
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "The provider's token is not acceptable here: signature, issuer, audience or times are not right"
                            + (invalid == null
                                    ? "."
                                    : " (jose4j's error codes " + TokenVerifier.codes(invalid) + ")."));
        }
    }
}
