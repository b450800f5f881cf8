package org.vitrina.testing.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** An issuer with keys of its own, made anew: its tokens, and each way in which one may be bad. */
public final class TestIssuer {
    public static final String ISSUER = "vitrina-demo";
    public static final String AUDIENCE = "vitrina";

    private static final String KEY_ID = "first";

    private final RsaJsonWebKey rsa;
    private final EllipticCurveJsonWebKey curve;
    private final RsaJsonWebKey stranger;

    public TestIssuer() {
        this(KEY_ID);
    }

    public TestIssuer(String keyId) {
        this.rsa = rsa(keyId);
        this.curve = curve(keyId + "-ec");
        this.stranger = rsa(keyId);
    }

    private static RsaJsonWebKey rsa(String id) {
        try {
            var generator = java.security.KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            var key = new RsaJsonWebKey((RSAPublicKey) pair.getPublic());
            key.setPrivateKey(pair.getPrivate());
            key.setKeyId(id);
            key.setUse("sig");
            key.setAlgorithm("RS256");
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EllipticCurveJsonWebKey curve(String id) {
        try {
            var generator = java.security.KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var key = new EllipticCurveJsonWebKey((ECPublicKey) pair.getPublic());
            key.setPrivateKey(pair.getPrivate());
            key.setKeyId(id);
            key.setUse("sig");
            key.setAlgorithm("ES256");
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public keys, and those of others that are to count too. */
    public String jwks(TestIssuer... others) {
        var keys = new JsonWebKeySet(rsa, curve);
        for (TestIssuer other : others) {
            keys.addJsonWebKey(other.rsa);
            keys.addJsonWebKey(other.curve);
        }
        return keys.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    /** The private key in PKCS#8 PEM, as {@code vitrina.identity.signing-key} names a file of. */
    public String privatePem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(rsa.getPrivateKey().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** The public key in PEM. */
    public String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(rsa.getPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** A good token of this user or service, for ten minutes. */
    public String token(String subject, String... roles) {
        return sign(rsa.getPrivateKey(), "RS256", rsa.getKeyId(), claims(subject, roles));
    }

    /** The same, signed by the elliptic curve (ES256). */
    public String curveToken(String subject, String... roles) {
        return sign(curve.getPrivateKey(), "ES256", curve.getKeyId(), claims(subject, roles));
    }

    /** A token of that which is changed so. */
    public String token(Consumer<JwtClaims> change, String subject, String... roles) {
        JwtClaims claims = claims(subject, roles);
        change.accept(claims);
        return sign(rsa.getPrivateKey(), "RS256", rsa.getKeyId(), claims);
    }

    /** Tokens that nobody may accept, by what is wrong with each; all have every role. */
    public Map<String, String> bad(String subject) {
        String[] roles = {"service", "admin", "operator", "user"};
        long now = Instant.now().getEpochSecond();
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put(
                "expired",
                token(
                        c -> {
                            c.setIssuedAt(NumericDate.fromSeconds(now - 700));
                            c.setNotBefore(NumericDate.fromSeconds(now - 700));
                            c.setExpirationTime(NumericDate.fromSeconds(now - 100));
                        },
                        subject,
                        roles));
        bad.put("not yet valid", token(c -> c.setNotBefore(NumericDate.fromSeconds(now + 300)), subject, roles));
        bad.put("without an expiry", token(c -> c.unsetClaim("exp"), subject, roles));
        bad.put("wrong key", sign(stranger.getPrivateKey(), "RS256", rsa.getKeyId(), claims(subject, roles)));
        bad.put("unknown kid", sign(stranger.getPrivateKey(), "RS256", "unheard-of", claims(subject, roles)));
        bad.put("wrong issuer", token(c -> c.setIssuer("https://elsewhere.example"), subject, roles));
        bad.put("without an issuer", token(c -> c.unsetClaim("iss"), subject, roles));
        bad.put("wrong audience", token(c -> c.setAudience("another"), subject, roles));
        bad.put("without an audience", token(c -> c.unsetClaim("aud"), subject, roles));
        bad.put("without a subject", token(c -> c.unsetClaim("sub"), subject, roles));
        bad.put("alg none", sign(null, "none", null, claims(subject, roles)));
        bad.put(
                "HMAC with the public key",
                sign(
                        new HmacKey(publicPem().getBytes(StandardCharsets.US_ASCII)),
                        "HS256",
                        rsa.getKeyId(),
                        claims(subject, roles)));
        bad.put(
                "HMAC with the public key's bytes",
                sign(new HmacKey(rsa.getPublicKey().getEncoded()), "HS256", rsa.getKeyId(), claims(subject, roles)));
        bad.put("RS512", sign(rsa.getPrivateKey(), "RS512", rsa.getKeyId(), claims(subject, roles)));
        String good = token(subject, roles);
        bad.put("changed", good.substring(0, good.indexOf('.') + 5) + "x" + good.substring(good.indexOf('.') + 6));
        bad.put("cut off", good.substring(0, good.length() - 12));
        bad.put("without a signature", good.substring(0, good.lastIndexOf('.') + 1));
        bad.put("no token", "let-me-in");
        bad.put("empty", "");
        return bad;
    }

    private static JwtClaims claims(String subject, String... roles) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(subject);
        claims.setStringListClaim("groups", List.of(roles));
        claims.setIssuedAtToNow();
        claims.setNotBeforeMinutesInThePast(0);
        claims.setExpirationTimeMinutesInTheFuture(10);
        claims.setGeneratedJwtId();
        return claims;
    }

    private static String sign(@Nullable Key key, String algorithm, @Nullable String keyId, JwtClaims claims) {
        var signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        signature.setPayload(claims.toJson());
        signature.setKey(key);
        signature.setAlgorithmHeaderValue(algorithm);
        if (keyId != null) {
            signature.setKeyIdHeaderValue(keyId);
        }
        signature.setDoKeyValidation(key instanceof PrivateKey);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
