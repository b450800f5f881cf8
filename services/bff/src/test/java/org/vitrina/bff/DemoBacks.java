package org.vitrina.bff;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The same services, before a BFF that wants to know who asks ({@code vitrina.auth=demo}). */
public class DemoBacks extends Backs {
    static final int SIGN_INS = 200;

    /** Of a session: anything of 32 bytes. */
    static final String KEY = Base64.getUrlEncoder()
            .encodeToString(
                    HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));

    private @Nullable Path signingKey;

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        try {
            signingKey = Files.createTempFile("vitrina-signing", ".pem");
            Files.writeString(signingKey, pem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings.put("vitrina.auth", "demo");
        settings.put("vitrina.identity.signing-key", signingKey.toString());
        settings.put("vitrina.session.keys", KEY);
        settings.put("vitrina.session.limits.sign-in", Integer.toString(SIGN_INS));
        settings.put("vitrina.session.limits.user", "100000");
        settings.put("vitrina.session.limits.address", "100000");
        settings.put("vitrina.session.limits.window", "1h");
        return settings;
    }

    @Override
    public void stop() {
        super.stop();
        try {
            if (signingKey != null) {
                Files.deleteIfExists(signingKey);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new RSA key as PKCS#8. */
    private static String pem() {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance("RSA");
            maker.initialize(2048);
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder()
                            .encodeToString(maker.generateKeyPair().getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }
}
