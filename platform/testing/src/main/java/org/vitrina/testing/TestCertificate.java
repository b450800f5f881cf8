package org.vitrina.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate made for this JVM, of {@code localhost} and 127.0.0.1, which is its own authority: as the key store of Java
 * and as the files that other servers read.
 */
public final class TestCertificate {
    public static final String PASSWORD = "only-of-tests";
    private static final String NAME = "vitrina";

    private TestCertificate() {}

    /** Where key and certificate are, in a key store of PKCS12; made at the first call. */
    public static Path keyStore() {
        // next to the classes: a test and its profile are loaded by different class loaders
        Path keys = Path.of("target", "tls-" + ProcessHandle.current().pid() + ".p12")
                .toAbsolutePath();
        if (!Files.exists(keys)) {
            make(keys);
        }
        return keys;
    }

    /** The certificate, in PEM. */
    public static Path certificate() {
        return pem("CERTIFICATE", "crt", store -> store.getCertificate(NAME).getEncoded());
    }

    /** Its key, in PEM, which only its owner may read. */
    public static Path key() {
        return pem("PRIVATE KEY", "key", store -> store.getKey(NAME, PASSWORD.toCharArray())
                .getEncoded());
    }

    /** For clients that trust it, and nobody else. */
    public static SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(NAME, load().getCertificate(NAME));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Part {
        byte[] of(KeyStore store) throws GeneralSecurityException;
    }

    private static Path pem(String type, String ending, Part part) {
        try {
            Path file = Path.of(keyStore().toString().replaceFirst("p12$", ending));
            if (!Files.exists(file)) {
                String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(part.of(load()));
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
            }
            return file;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keyStore())) {
            keys.load(file, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static void make(Path keys) {
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            NAME,
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=dns:localhost,ip:127.0.0.1",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            keys.toString(),
                            "-storepass",
                            PASSWORD)
                    .inheritIO()
                    .start();
            if (!keytool.waitFor(1, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool made no certificate: see what it printed");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
