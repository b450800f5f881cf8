package org.vitrina.identity;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider's endpoints of tokens (RFC 6749, 3.2; RFC 7009), asked as one client: known by its secret, or public where it has none. */
public final class TokenEndpoint {
    private static final long USUAL_SECONDS = 60;

    private final ProviderHttp http;
    private final String clientId;
    private final @Nullable String secret;

    public TokenEndpoint(Vertx vertx, String clientId, @Nullable String secret) {
        this.http = new ProviderHttp(vertx);
        this.clientId = clientId;
        this.secret = secret;
    }

    /**
     * What it gives.
     *
     * @param expires of the access token
     */
    public record Tokens(String access, @Nullable String refresh, @Nullable String id, Instant expires) {
        /** None of them. */
        @Override
        public String toString() {
            return "Tokens[" + expires + "]";
        }
    }

    /** The provider has understood, and says no; asking again does not help. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String error;

        Refused(String error) {
            super("the provider refuses: " + error);
            this.error = error;
        }

        /** Whether it is the code or refresh token that does not count (any more), and not the client. */
        public boolean isOfTheGrant() {
            return error.equals("invalid_grant");
        }
    }

    /**
     * @param form of the grant, the client left out
     * @return fails with {@link Refused}, or with anything else where the provider cannot be asked
     */
    public Uni<Tokens> ask(String url, boolean secretInForm, Map<String, String> form) {
        return post(url, secretInForm, form).map(TokenEndpoint::tokens);
    }

    /** Gives a refresh token up, and what was had for it: nobody is given anything for it any more. */
    public Uni<Void> revoke(String url, boolean secretInForm, String refreshToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", refreshToken);
        form.put("token_type_hint", "refresh_token");
        return post(url, secretInForm, form)
                .invoke(answer -> {
                    if (answer.status() != 200) {
                        throw new IllegalStateException("the provider answers with status " + answer.status());
                    }
                })
                .replaceWithVoid();
    }

    private Uni<ProviderHttp.Answer> post(String url, boolean secretInForm, Map<String, String> form) {
        Map<String, String> fields = new LinkedHashMap<>(form);
        Map<String, String> headers = new LinkedHashMap<>(
                Map.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json"));
        if (secret != null && !secretInForm) {
            String pair = ProviderHttp.encode(clientId) + ":" + ProviderHttp.encode(secret);
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        } else {
            fields.put("client_id", clientId);
            if (secret != null) {
                fields.put("client_secret", secret);
            }
        }
        return http.post(url, fields, headers);
    }

    /** Of the answer nothing but an error's code gets into a log: it is a secret, or tells of one. */
    private static Tokens tokens(ProviderHttp.Answer answer) {
        JsonObject json;
        try {
            json = new JsonObject(answer.text());
        } catch (RuntimeException unreadable) {
            throw new IllegalStateException("the provider answers with status " + answer.status() + " and no JSON");
        }
        try {
            if (answer.status() == 200) {
                return tokens(json);
            }
            String error = json.getString("error", "");
            if (answer.status() / 100 == 4 && error.matches("[a-z_]{1,40}")) {
                throw new Refused(error);
            }
        } catch (ClassCastException otherTypes) {
            // as good as no answer
        }
        throw new IllegalStateException("the provider answers with status " + answer.status() + " and no token");
    }

    private static Tokens tokens(JsonObject json) {
        String access = json.getString("access_token");
        if (access == null || access.isEmpty()) {
            throw new IllegalStateException("the provider's answer has no access_token");
        }
        long seconds = json.getLong("expires_in", USUAL_SECONDS);
        return new Tokens(
                access,
                json.getString("refresh_token"),
                json.getString("id_token"),
                Instant.now().plusSeconds(seconds));
    }
}
