package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * The keys of an instance that is started with {@code --auth demo}, made once in its folder: the one by which the install signs
 * tokens, and the one that sessions are encrypted with. Readable for their owner only.
 */
final class InstallKey {
    private static final String FOLDER = "identity";
    private static final String SIGNING = "signing-key.pem";
    private static final String SESSION = "session-key";
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    /** As platform/identity has them by default. */
    private static final String ISSUER = "vitrina-demo";

    private static final String AUDIENCE = "vitrina";
    private static final int BITS = 2048;
    private static final int SESSION_KEY_BYTES = 32;
    private static final float TOKEN_MINUTES = 60;

    private final Path folder;

    private InstallKey(Path folder) {
        this.folder = folder;
    }

    /** Of the instance in this folder; made where there is none. */
    static InstallKey of(Path directory) {
        InstallKey key = new InstallKey(directory.resolve(FOLDER));
        try {
            Files.createDirectories(key.folder);
            if (!Files.exists(key.signingKey())) {
                KeyPairGenerator maker = KeyPairGenerator.getInstance("RSA");
                maker.initialize(BITS);
                write(
                        key.signingKey(),
                        BEGIN + "\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(maker.generateKeyPair()
                                                .getPrivate()
                                                .getEncoded())
                                + "\n" + END + "\n");
            }
            if (!Files.exists(key.folder.resolve(SESSION))) {
                byte[] random = new byte[SESSION_KEY_BYTES];
                new SecureRandom().nextBytes(random);
                write(
                        key.folder.resolve(SESSION),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("The keys in " + key.folder + " cannot be made: " + e, e);
        }
        return key;
    }

    /** Of the instance in this folder, where it has one. */
    static Optional<InstallKey> existing(Path directory) {
        InstallKey key = new InstallKey(directory.resolve(FOLDER));
        return Files.isReadable(key.signingKey()) ? Optional.of(key) : Optional.empty();
    }

    private static void write(Path file, String text) throws IOException {
        Path made = Files.createTempFile(
                file.getParent(),
                "new",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, text, StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(made, file);
    }

    /** The file of {@code vitrina.identity.signing-key}. */
    Path signingKey() {
        return folder.resolve(SIGNING);
    }

    /** The value of {@code vitrina.session.keys}. */
    String sessionKey() {
        try {
            return Files.readString(folder.resolve(SESSION)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A token of an hour, as services verify it. */
    String token(String subject, Set<String> roles) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(subject);
        claims.setStringListClaim("groups", List.copyOf(roles));
        claims.setIssuedAt(NumericDate.now());
        claims.setExpirationTimeMinutesInTheFuture(TOKEN_MINUTES);
        try {
            String pem = Files.readString(signingKey(), StandardCharsets.US_ASCII);
            byte[] der = Base64.getMimeDecoder().decode(pem.replace(BEGIN, "").replace(END, ""));
            KeyFactory factory = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(der));
            JsonWebSignature signed = new JsonWebSignature();
            signed.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
            signed.setKeyIdHeaderValue(new RsaJsonWebKey((RSAPublicKey)
                            factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())))
                    .calculateBase64urlEncodedThumbprint("SHA-256"));
            signed.setHeader("typ", "JWT");
            signed.setKey(key);
            signed.setPayload(claims.toJson());
            return signed.getCompactSerialization();
        } catch (IOException | GeneralSecurityException | JoseException e) {
            throw new StartException(signingKey() + " is no key to sign with: " + e, e);
        }
    }
}
