package org.vitrina.identity;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.util.KeyUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jose4j.jwk.JsonWebKey;

/** Where the public keys of tokens are. */
abstract class KeySource {
    private final String name;

    private KeySource(String name) {
        this.name = name;
    }

    /** The text of a JWKS or PEM as it is now. */
    abstract Uni<String> read();

    @Override
    public String toString() {
        return name;
    }

    static KeySource of(Vertx vertx, IdentityConfig config) {
        String place = config.keys().orElse("");
        if (place.startsWith("file:")) {
            return new OfFile(vertx, Path.of(place.substring("file:".length())));
        }
        if (!place.isEmpty()) {
            return new OfUrl(vertx, place, () -> Uni.createFrom().item(place));
        }
        if (config.signingKey().isEmpty()) {
            Provider provider = new Provider(vertx, config);
            return new OfUrl(vertx, config.issuer(), () -> provider.endpoints().map(Provider.Endpoints::keys));
        }
        return new KeySource("vitrina.identity.signing-key") {
            @Override
            Uni<String> read() {
                return Uni.createFrom().item(() -> TokenSigner.of(config)
                        .orElseThrow(() -> new IllegalStateException("vitrina.identity.keys is not set"))
                        .jwks());
            }
        };
    }

    /**
     * By which algorithms these keys sign; a PEM is of one key and one algorithm. What is neither a JWKS with a key in it
     * nor a PEM is rubbish, and no reason to forget the keys that are known.
     */
    static Set<SignatureAlgorithm> algorithms(String text) {
        if (text.contains("-----BEGIN ")) {
            return Set.of(isRsa(text) ? SignatureAlgorithm.RS256 : SignatureAlgorithm.ES256);
        }
        List<JsonWebKey> keys = KeyUtils.loadJsonWebKeys(text);
        if (keys == null || keys.isEmpty()) {
            throw new IllegalArgumentException("what is there is no JWKS with keys");
        }
        return Set.of(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256);
    }

    private static boolean isRsa(String pem) {
        try {
            PublicKey key = pem.contains("-----BEGIN CERTIFICATE")
                    ? KeyUtils.decodeCertificate(pem)
                    : KeyUtils.decodePublicKey(pem, SignatureAlgorithm.RS256);
            return key instanceof RSAPublicKey;
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    private static final class OfFile extends KeySource {
        private final Vertx vertx;
        private final Path file;

        OfFile(Vertx vertx, Path file) {
            super("file:" + file);
            this.vertx = vertx;
            this.file = file;
        }

        @Override
        Uni<String> read() {
            return Uni.createFrom().completionStage(() -> vertx.executeBlocking(() -> Files.readString(file), false)
                    .toCompletionStage());
        }
    }

    /** At a URL that is configured, or that the provider itself tells. */
    private static final class OfUrl extends KeySource {
        private final ProviderHttp http;
        private final Supplier<Uni<String>> place;

        OfUrl(Vertx vertx, String name, Supplier<Uni<String>> place) {
            super(name);
            this.http = new ProviderHttp(vertx);
            this.place = place;
        }

        @Override
        Uni<String> read() {
            return place.get()
                    .flatMap(url -> http.get(url, "application/jwk-set+json, application/json"))
                    .map(OfUrl::text);
        }

        private static String text(ProviderHttp.Answer answer) {
            if (answer.status() != 200) {
                throw new IllegalStateException("status " + answer.status());
            }
            return answer.text();
        }
    }
}
