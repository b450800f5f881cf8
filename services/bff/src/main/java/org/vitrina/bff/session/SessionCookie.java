package org.vitrina.bff.session;

import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.AesKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.SessionConfig;

/**
 * A session as the text that its browser keeps: an encrypted JWT (RFC 7516, direct key, A256GCM), of which the browser can
 * neither read nor change anything. Its expiry is the earlier of the two ends of a session.
 */
@Singleton
class SessionCookie {
    /** No token of any other kind is taken for a session, and none of them for another one. */
    private static final String AUDIENCE = "vitrina-session";

    private static final String ROLES = "groups";
    private static final String BEGUN = "auth_time";
    private static final String CSRF = "csrf";
    private static final int KEY_BYTES = 32;

    /** Above this a cookie is none of ours, and not worth a look. */
    private static final int LONGEST = 4096;

    private final List<Key> keys;
    private final List<JwtConsumer> readers;
    private final Duration idle;
    private final Duration absolute;

    SessionCookie(SessionConfig config) {
        this.keys = Stream.of(config.keys().orElse("").split(",", -1))
                .filter(text -> !text.isBlank())
                .map(SessionCookie::key)
                .toList();
        this.readers = keys.stream().map(SessionCookie::reader).toList();
        this.idle = config.idle();
        this.absolute = config.absolute();
    }

    private static Key key(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != KEY_BYTES) {
            // without the text: it may be nearly a key
            throw new IllegalArgumentException("a key of vitrina.session.keys must be 32 bytes as base64url.");
        }
        return new AesKey(bytes);
    }

    private static JwtConsumer reader(Key key) {
        return new JwtConsumerBuilder()
                .setDecryptionKey(key)
                .setDisableRequireSignature()
                .setEnableRequireEncryption()
                .setJweAlgorithmConstraints(
                        new AlgorithmConstraints(ConstraintType.PERMIT, KeyManagementAlgorithmIdentifiers.DIRECT))
                .setJweContentEncryptionAlgorithmConstraints(new AlgorithmConstraints(
                        ConstraintType.PERMIT, ContentEncryptionAlgorithmIdentifiers.AES_256_GCM))
                .setExpectedAudience(AUDIENCE)
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setRequireJwtId()
                .setRequireSubject()
                .build();
    }

    boolean hasKey() {
        return !keys.isEmpty();
    }

    /** A session that begins now, with an id that nobody has seen before. */
    BrowserSession begin(int user, Set<String> roles) {
        Instant now = Instant.now();
        return session(
                user, roles, UUID.randomUUID().toString(), UUID.randomUUID().toString(), now, now);
    }

    /** The same session, seen now. */
    BrowserSession seen(BrowserSession session) {
        return session(session.user(), session.roles(), session.id(), session.csrf(), session.begun(), Instant.now());
    }

    /** Whether it is time to write the cookie anew: not with every answer, and long before it would end. */
    boolean isToBeRenewed(BrowserSession session) {
        return Duration.between(session.seen(), Instant.now()).compareTo(idle.dividedBy(10)) > 0;
    }

    private BrowserSession session(int user, Set<String> roles, String id, String csrf, Instant begun, Instant seen) {
        Instant last = begun.plus(absolute);
        Instant idleEnd = seen.plus(idle);
        return new BrowserSession(user, roles, id, csrf, begun, seen, idleEnd.isBefore(last) ? idleEnd : last);
    }

    /** The cookie's value. */
    String write(BrowserSession session) {
        JwtClaims claims = new JwtClaims();
        claims.setAudience(AUDIENCE);
        claims.setSubject(Integer.toString(session.user()));
        claims.setStringListClaim(ROLES, List.copyOf(session.roles()));
        claims.setJwtId(session.id());
        claims.setStringClaim(CSRF, session.csrf());
        claims.setNumericDateClaim(BEGUN, date(session.begun()));
        claims.setIssuedAt(date(session.seen()));
        claims.setExpirationTime(date(session.until()));
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
        jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
        jwe.setKey(keys.getFirst());
        jwe.setPayload(claims.toJson());
        try {
            return jwe.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a session cannot be encrypted", e);
        }
    }

    /** Whose session a cookie's value is; null where it is none of ours, or has ended. */
    @Nullable
    BrowserSession read(String value) {
        if (value.length() > LONGEST) {
            return null;
        }
        for (JwtConsumer reader : readers) {
            try {
                return session(reader.processToClaims(value));
            } catch (InvalidJwtException | MalformedClaimException | NumberFormatException foreign) {
                // by another key, ended, or of anybody's making: all the same to us
            }
        }
        return null;
    }

    private static BrowserSession session(JwtClaims claims) throws MalformedClaimException {
        return new BrowserSession(
                Integer.parseInt(claims.getSubject()),
                Set.copyOf(claims.getStringListClaimValue(ROLES)),
                claims.getJwtId(),
                claims.getStringClaimValue(CSRF),
                instant(claims.getNumericDateClaimValue(BEGUN)),
                instant(claims.getIssuedAt()),
                instant(claims.getExpirationTime()));
    }

    private static NumericDate date(Instant instant) {
        return NumericDate.fromSeconds(instant.getEpochSecond());
    }

    private static Instant instant(NumericDate date) {
        return Instant.ofEpochSecond(date.getValue());
    }
}
