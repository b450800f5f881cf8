package org.vitrina.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Who is believed when a server of ours, PostgreSQL, RabbitMQ or Redis, shows its certificate. */
public final class TrustedAuthorities {
    /** Of a TLS client: the certificate must name the host that was asked for (RFC 9525). */
    private static final String NAME_CHECK = "HTTPS";

    private final X509TrustManager manager;

    private TrustedAuthorities(X509TrustManager manager) {
        this.manager = manager;
    }

    /**
     * Reads the file.
     *
     * @param setting its key, for the sentence that says what is wrong with it
     * @param file certificates of authorities, in PEM; empty: those that Java trusts
     */
    public static TrustedAuthorities of(String setting, Optional<String> file) {
        try {
            return new TrustedAuthorities(manager(file.isEmpty() ? null : certificates(file.get())));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    setting + " is " + file.orElse("not set") + ", where no certificates of authorities can be read ("
                            + e + "): name a file with them in PEM that this process may read.",
                    e);
        }
    }

    public X509TrustManager manager() {
        return manager;
    }

    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has no TLS", e);
        }
    }

    /** For the client's side of a connection to that host, whose certificate must have its name. */
    public static SSLEngine client(SSLContext context, String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(NAME_CHECK);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static KeyStore certificates(String file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> read;
        try (InputStream content = Files.newInputStream(Path.of(file))) {
            read = CertificateFactory.getInstance("X.509").generateCertificates(content);
        }
        if (read.isEmpty()) {
            throw new IOException("no certificate in it");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : read) {
            store.setCertificateEntry(Integer.toString(store.size()), certificate);
        }
        return store;
    }

    private static X509TrustManager manager(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return Stream.of(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("Java judges no certificates"));
    }
}
