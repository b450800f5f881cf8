package org.vitrina.bff.session;

import jakarta.inject.Singleton;
import java.security.Key;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.AesKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.SessionConfig;

/**
 * Claims that only the replicas of this service can read or write, wherever they are kept meanwhile: an encrypted JWT (RFC 7516,
 * direct key, A256GCM). The first of {@code vitrina.session.keys} encrypts, all decrypt.
 */
@Singleton
class SealedClaims {
    private static final int KEY_BYTES = 32;

    private final List<Key> keys;
    private final List<JwtConsumer> readers;

    SealedClaims(SessionConfig config) {
        this.keys = Stream.of(config.keys().orElse("").split(",", -1))
                .filter(text -> !text.isBlank())
                .map(SealedClaims::key)
                .toList();
        this.readers = keys.stream().map(SealedClaims::reader).toList();
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
                .setSkipDefaultAudienceValidation()
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setRequireJwtId()
                .build();
    }

    boolean hasKey() {
        return !keys.isEmpty();
    }

    /** @param use what the text is for: one that was written for another use is not read */
    String seal(String use, JwtClaims claims) {
        claims.setAudience(use);
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
        jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
        jwe.setKey(keys.getFirst());
        jwe.setPayload(claims.toJson());
        try {
            return jwe.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("what was to be sealed cannot be encrypted", e);
        }
    }

    /** Null where it is none of ours, for another use, or expired. */
    @Nullable
    JwtClaims open(String use, String text) {
        for (JwtConsumer reader : readers) {
            try {
                JwtClaims claims = reader.processToClaims(text);
                if (claims.getAudience().equals(List.of(use))) {
                    return claims;
                }
            } catch (InvalidJwtException | MalformedClaimException foreign) {
                // by another key, ended, or of anybody's making: all the same to us
            }
        }
        return null;
    }
}
