package org.vitrina.identity;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.util.KeyUtils;
import io.vertx.core.net.impl.pkcs1.PrivateKeyParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/** Signs tokens by the install's own key (RS256): the demo issuer's and those of services. */
public final class TokenSigner {
    private static final String PKCS1 = "-----BEGIN RSA PRIVATE KEY-----";

    private final PrivateKey key;
    private final String keyId;
    private final String jwks;
    private final String issuer;
    private final String audience;

    private TokenSigner(RSAPrivateCrtKey key, String issuer, String audience)
            throws GeneralSecurityException, JoseException {
        this.key = key;
        this.issuer = issuer;
        this.audience = audience;
        RSAPublicKey shown = (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        RsaJsonWebKey jwk = new RsaJsonWebKey(shown);
        this.keyId = jwk.calculateBase64urlEncodedThumbprint("SHA-256");
        jwk.setKeyId(keyId);
        jwk.setUse("sig");
        jwk.setAlgorithm("RS256");
        this.jwks = new JsonWebKeySet(jwk).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    /** By the key of {@code vitrina.identity.signing-key}; empty where there is none. */
    public static Optional<TokenSigner> of(IdentityConfig config) {
        return config.signingKey().map(file -> {
            try {
                return ofPem(Files.readString(Path.of(file)), config.issuer(), config.audience());
            } catch (IOException e) {
                throw new IllegalStateException("vitrina.identity.signing-key: " + file + " cannot be read.", e);
            }
        });
    }

    /** @param pem an RSA private key, as PKCS#8 or, as Helm makes it, PKCS#1 */
    public static TokenSigner ofPem(String pem, String issuer, String audience) {
        try {
            PrivateKey key;
            if (pem.contains(PKCS1)) {
                byte[] der = Base64.getMimeDecoder().decode(KeyUtils.removePemKeyBeginEnd(pem));
                key = KeyFactory.getInstance("RSA").generatePrivate(PrivateKeyParser.getRSAKeySpec(der));
            } else {
                key = KeyUtils.decodePrivateKey(pem);
            }
            if (!(key instanceof RSAPrivateCrtKey rsa)) {
                throw new IllegalStateException("vitrina.identity.signing-key is no RSA key.");
            }
            return new TokenSigner(rsa, issuer, audience);
        } catch (GeneralSecurityException | JoseException e) {
            throw new IllegalStateException("vitrina.identity.signing-key is no private key in PEM.", e);
        }
    }

    /** A token of {@code subject} with these roles, valid from now for {@code lifetime}. */
    public String sign(String subject, Set<String> roles, Duration lifetime) {
        Instant now = Instant.now();
        return sign(subject, roles, now, now.plus(lifetime), Map.of());
    }

    /**
     * @param from the instant at which it is said to be issued, and before which it is not valid
     * @param more further claims
     */
    public String sign(String subject, Set<String> roles, Instant from, Instant expires, Map<String, Object> more) {
        var claims = Jwt.issuer(issuer).subject(subject).audience(audience).groups(roles);
        more.forEach(claims::claim);
        return claims.issuedAt(from)
                .claim("nbf", from.getEpochSecond())
                .expiresAt(expires)
                .jws()
                .keyId(keyId)
                .algorithm(SignatureAlgorithm.RS256)
                .sign(key);
    }

    /** The public key as a JWKS, for {@code /.well-known/jwks.json}. */
    public String jwks() {
        return jwks;
    }
}
