package org.vitrina.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.InvalidJwtSignatureException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.OwnContext;

/**
 * Tells who a token is of: signature, issuer, audience and times are judged by SmallRye JWT with the keys of {@link
 * VerificationKeys}. One that passed is remembered by its hash until it expires or the keys change, so that a token is
 * verified once and not with each request.
 */
@ApplicationScoped
public class TokenVerifier {
    private static final Logger LOG = Logger.getLogger(TokenVerifier.class);

    /** Nothing that is larger was made for a header of ours. */
    private static final int LONGEST = 16_384;

    private final VerificationKeys keys;
    private final Duration leeway;
    private final String userClaim;
    private final Clock clock = Clock.systemUTC();
    private final Cache<String, Verified> verified;

    /** @param by the keys that it was verified by */
    private record Verified(Caller caller, VerificationKeys.Known by) {}

    TokenVerifier(VerificationKeys keys, IdentityConfig config) {
        this.keys = keys;
        this.leeway = config.leeway();
        this.userClaim = config.userClaim();
        this.verified = Caffeine.newBuilder()
                .maximumSize(config.rememberedTokens())
                .executor(Runnable::run)
                .build();
    }

    /** Whose token it is; fails with a problem of status 401, which says why, where it is not accepted. */
    public Uni<Caller> verify(String token) {
        if (token.length() > LONGEST) {
            return Uni.createFrom().failure(Refusals.badToken("The access token is too long to be one."));
        }
        VerificationKeys.Known known = keys.known();
        String hash = hash(token);
        Verified before = verified.getIfPresent(hash);
        if (before != null && known != null && before.by.equals(known)) {
            if (clock.instant().isBefore(before.caller.expires().plus(leeway))) {
                return Uni.createFrom().item(before.caller);
            }
            verified.invalidate(hash);
        }
        if (known == null) {
            return OwnContext.andBack(keys.refresh()).map(fetched -> verifyFinally(token, hash, fetched));
        }
        try {
            return Uni.createFrom().item(verify(token, hash, known));
        } catch (OtherKey unknown) {
            // the issuer may have new keys since
            return OwnContext.andBack(keys.refreshAtMostOnceASecond())
                    .map(fetched -> fetched.equals(known) ? refuse(unknown) : verifyFinally(token, hash, fetched));
        } catch (ProblemException refused) {
            return Uni.createFrom().failure(refused);
        }
    }

    private static Caller refuse(OtherKey unknown) {
        throw unknown.refusal;
    }

    private Caller verifyFinally(String token, String hash, VerificationKeys.Known known) {
        try {
            return verify(token, hash, known);
        } catch (OtherKey unknown) {
            return refuse(unknown);
        }
    }

    private Caller verify(String token, String hash, VerificationKeys.Known known) {
        try {
            JsonWebToken jwt = known.parser().parse(token);
            Caller caller = caller(jwt, token);
            verified.put(hash, new Verified(caller, known));
            return caller;
        } catch (ParseException failed) {
            throw refusal(failed);
        }
    }

    private Caller caller(JsonWebToken jwt, String token) {
        String subject = subject(jwt);
        if (subject == null || subject.isEmpty()) {
            throw Refusals.badToken("The access token names no subject.");
        }
        Set<String> roles = new HashSet<>(jwt.getGroups());
        if (Caller.userId(subject) > 0) {
            roles.add(Roles.USER);
        }
        return new Caller(subject, roles, token, Instant.ofEpochSecond(jwt.getExpirationTime()));
    }

    /** Where another claim has the user's id, a subject that looks like one is none of ours. */
    private @Nullable String subject(JsonWebToken jwt) {
        String subject = jwt.getSubject();
        if (userClaim.equals("sub")) {
            return subject;
        }
        Object user = jwt.getClaim(userClaim);
        if (user != null) {
            return user instanceof JsonString text ? text.getString() : user.toString();
        }
        return subject == null || Caller.userId(subject) > 0 ? null : subject;
    }

    /** Of no token or claim in it, which the library's messages are full of, a word reaches log or caller. */
    private static RuntimeException refusal(ParseException failed) {
        InvalidJwtException invalid = cause(failed, InvalidJwtException.class);
        if (cause(failed, UnresolvableKeyException.class) != null
                || invalid instanceof InvalidJwtSignatureException
                || (invalid != null && invalid.hasErrorCode(ErrorCodes.SIGNATURE_INVALID))) {
            return new OtherKey(Refusals.badToken("The access token is signed by no key of the issuer."));
        }
        String why = "The access token cannot be read as one.";
        if (invalid != null) {
            LOG.debugf("a token is not accepted, jose4j's error codes are %s", codes(invalid));
            if (invalid.hasErrorCode(ErrorCodes.EXPIRED)) {
                why = "The access token has expired; get a new one.";
            } else if (invalid.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
                why = "The access token is not valid yet.";
            } else if (invalid.hasErrorCode(ErrorCodes.ISSUER_INVALID)
                    || invalid.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
                why = "The access token is of an issuer that is not trusted here.";
            } else if (invalid.hasErrorCode(ErrorCodes.AUDIENCE_INVALID)
                    || invalid.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
                why = "The access token is for somebody else: its audience is not this install.";
            } else {
                why = "The access token is not acceptable here.";
            }
        }
        return Refusals.badToken(why);
    }

    static String codes(InvalidJwtException invalid) {
        return invalid.getErrorDetails().stream()
                .map(each -> Integer.toString(each.getErrorCode()))
                .toList()
                .toString();
    }

    static <T extends Throwable> @Nullable T cause(Throwable failed, Class<T> type) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Signed by a key that is not known, or not known yet. */
    private static final class OtherKey extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient ProblemException refusal;

        OtherKey(ProblemException refusal) {
            super(null, null, false, false);
            this.refusal = refusal;
        }
    }
}
