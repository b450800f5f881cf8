package org.vitrina.identity;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.util.KeyUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey;

/** Where the public keys of tokens are. */
abstract class KeySource {
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_MILLIS = 2_000;

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
            return new OfUrl(vertx, place);
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

    private static final class OfUrl extends KeySource {
        private final HttpClient http;
        private final RequestOptions request;

        OfUrl(Vertx vertx, String url) {
            super(url);
            this.http = vertx.createHttpClient(
                    new HttpClientOptions().setConnectTimeout(MOST_MILLIS).setKeepAlive(false));
            this.request = new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setAbsoluteURI(url)
                    .setTimeout(MOST_MILLIS)
                    .putHeader("Accept", "application/jwk-set+json, application/json");
        }

        @Override
        Uni<String> read() {
            return Uni.createFrom()
                    .completionStage(() -> http.request(new RequestOptions(request))
                            .compose(asked -> asked.send())
                            .compose(OfUrl::text)
                            .toCompletionStage())
                    // the client's own limit is on silence: who sends a byte now and then would hold us for ever
                    .ifNoItem()
                    .after(Duration.ofMillis(2L * MOST_MILLIS))
                    .fail();
        }

        private static Future<String> text(HttpClientResponse answer) {
            if (answer.statusCode() != 200) {
                answer.request().reset();
                return Future.failedFuture("status " + answer.statusCode());
            }
            Buffer all = Buffer.buffer();
            answer.handler(chunk -> {
                if (all.length() + chunk.length() > MOST_BYTES) {
                    answer.request().reset();
                } else {
                    all.appendBuffer(chunk);
                }
            });
            return answer.end().map(end -> all.toString());
        }
    }
}
