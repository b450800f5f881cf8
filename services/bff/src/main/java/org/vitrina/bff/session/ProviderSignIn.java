package org.vitrina.bff.session;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.SessionConfig;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.Caller;
import org.vitrina.identity.ClientTokens;
import org.vitrina.identity.Provider;
import org.vitrina.identity.Roles;
import org.vitrina.identity.TokenEndpoint;
import org.vitrina.identity.TokenVerifier;
import org.vitrina.runtime.OwnContext;

/**
 * Signing in at a provider (OpenID Connect, authorization code flow with PKCE) and out there again. What has to be known when the
 * browser comes back is sealed in {@code state}, which counts only together with a cookie of the browser that began: it needs no
 * store, and many tabs can sign in at once.
 */
@ApplicationScoped
public class ProviderSignIn {
    private static final Logger LOG = Logger.getLogger(ProviderSignIn.class);
    private static final ErrorCode FAILED = new ErrorCode("sign-in", 403, false, "Not signed in");

    private static final String USE = "vitrina-sign-in";
    private static final String NONCE = "nonce";
    private static final String VERIFIER = "verifier";
    private static final String BACK = "back";

    /** How long somebody may take at the provider. */
    private static final int MINUTES = 10;

    private static final int LENGTH_OF_UUID = 36;

    /** What a provider may name its users and sessions by (OpenID Connect Core, 2). */
    private static final int LONGEST_NAME = 255;

    private final Provider provider;
    private final ProviderTokens tokens;
    private final ClientTokens client;
    private final TokenVerifier verifier;
    private final TokenStore store;
    private final Sessions sessions;
    private final SealedClaims sealed;
    private final String scopes;
    private final String parameters;

    ProviderSignIn(
            Provider provider,
            ProviderTokens tokens,
            ClientTokens client,
            TokenVerifier verifier,
            TokenStore store,
            Sessions sessions,
            SealedClaims sealed,
            SessionConfig config) {
        this.provider = provider;
        this.tokens = tokens;
        this.client = client;
        this.verifier = verifier;
        this.store = store;
        this.sessions = sessions;
        this.sealed = sealed;
        this.scopes = config.oidc().scopes();
        this.parameters = config.oidc().parameters().map(more -> "&" + more).orElse("");
    }

    /**
     * Where a browser goes next.
     *
     * @param setCookies what it is to keep, or to forget
     */
    public record Way(String to, Set<String> setCookies) {}

    /** The parameters with which a provider sends a browser back. */
    public record Answer(
            @Nullable String code, @Nullable String state, @Nullable String error, @Nullable String issuer) {}

    /** @param back path of ours that it leads to in the end */
    public Uni<Way> begin(HttpServerRequest asked, String back) {
        if (!sealed.hasKey()) {
            throw new ProblemException(
                    ErrorCode.NOT_FOUND, "Browsers cannot sign in here: vitrina.session.keys is not set.");
        }
        String name = Sessions.bindingName(Sessions.requireCookieName(asked));
        String before = Sessions.onlyCookie(asked, name);
        String binding = before != null && before.length() == LENGTH_OF_UUID
                ? before
                : UUID.randomUUID().toString();
        String nonce = UUID.randomUUID().toString();
        // of at least 43 characters (RFC 7636, 4.1)
        String secret = UUID.randomUUID() + "-" + UUID.randomUUID();
        JwtClaims claims = new JwtClaims();
        claims.setJwtId(binding);
        claims.setStringClaim(NONCE, nonce);
        claims.setStringClaim(VERIFIER, secret);
        claims.setStringClaim(BACK, back);
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(MINUTES);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", client.client());
        query.put("redirect_uri", redirectUri(asked));
        query.put("scope", scopes);
        query.put("state", sealed.seal(USE, claims));
        query.put("nonce", nonce);
        query.put("code_challenge", challenge(secret));
        query.put("code_challenge_method", "S256");
        String cookie = Sessions.setCookie(name, binding) + "; Max-Age=" + MINUTES * 60;
        return endpoints().map(at -> new Way(with(at.authorization(), query) + parameters, Set.of(cookie)));
    }

    private static String redirectUri(HttpServerRequest asked) {
        return Sessions.origin(asked) + Sessions.CALLBACK;
    }

    private Uni<Provider.Endpoints> endpoints() {
        return OwnContext.andBack(provider.endpoints())
                .onFailure()
                .invoke(away -> LOG.warnf("The identity provider is not to be had: %s", away.getMessage()))
                .onFailure()
                .transform(away -> ProviderTokens.away());
    }

    private static String with(String url, Map<String, String> query) {
        return query.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", url + (url.indexOf('?') < 0 ? "?" : "&"), ""));
    }

    private static String challenge(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Begins a session of whom the provider has signed in, and ends the browser's one before; fails with 403 or 503. */
    public Uni<Way> finish(HttpServerRequest asked, Answer answer, @Nullable BrowserSession before) {
        String name = Sessions.requireCookieName(asked);
        String binding = Sessions.bindingName(name);
        Begun begun;
        try {
            begun = begun(answer, Sessions.onlyCookie(asked, binding));
        } catch (ProblemException refused) {
            // another tab was quicker, or the answer is an old one: who is signed in stays so
            return before == null
                    ? Uni.createFrom().failure(refused)
                    : Uni.createFrom().item(new Way(back(answer), Set.of()));
        }
        Uni<Signed> signed = tokens.ask(Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        begun.code,
                        "redirect_uri",
                        redirectUri(asked),
                        "code_verifier",
                        begun.verifier))
                .flatMap(given -> signed(given, begun.nonce));
        return OwnContext.andBack(signed)
                .onFailure()
                .transform(ProviderSignIn::told)
                .flatMap(who -> {
                    Sessions.Begun session = sessions.begin(asked, before, who.user, who.roles, who.login);
                    return OwnContext.andBack(store.keep(session.session(), HeldTokens.of(who.tokens, null)))
                            .map(kept ->
                                    new Way(begun.back, Set.of(session.setCookie(), Sessions.removeCookie(binding))));
                });
    }

    /** What the browser came back with is an answer to what this browser has begun. */
    private record Begun(String code, String nonce, String verifier, String back) {}

    private Begun begun(Answer answer, @Nullable String binding) {
        JwtClaims claims = answer.state == null || !sealed.hasKey() ? null : sealed.open(USE, answer.state);
        try {
            if (claims == null || binding == null || !isSame(binding, claims.getJwtId())) {
                throw failed("the answer is to nothing that this browser has begun");
            }
            if (answer.issuer != null && !answer.issuer.equals(provider.issuer())) {
                throw failed("another issuer answers");
            }
            if (answer.code == null) {
                throw failed("the provider says " + (isWord(answer.error) ? answer.error : "nothing"));
            }
            return new Begun(
                    answer.code,
                    claims.getStringClaimValue(NONCE),
                    claims.getStringClaimValue(VERIFIER),
                    claims.getStringClaimValue(BACK));
        } catch (MalformedClaimException e) {
            throw new IllegalStateException("sealed by us", e);
        }
    }

    /** Where what this replica or another has sealed leads to. */
    private String back(Answer answer) {
        JwtClaims claims = answer.state == null ? null : sealed.open(USE, answer.state);
        return claims == null ? "/" : claims.getClaimValueAsString(BACK);
    }

    private static boolean isWord(@Nullable String error) {
        return error != null && error.matches("[a-z_]{1,40}");
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private record Signed(int user, Set<String> roles, BrowserSession.Login login, TokenEndpoint.Tokens tokens) {}

    private Uni<Signed> signed(TokenEndpoint.Tokens given, String nonce) {
        String id = given.id();
        if (id == null) {
            return Uni.createFrom().failure(failed("the provider gave no ID token: the scope openid is missing"));
        }
        return client.verify(id).flatMap(said -> {
            String subject = said.subject();
            if (said.nonce() == null || !isSame(said.nonce(), nonce) || subject == null) {
                throw failed("the ID token is of another sign-in");
            }
            String session = said.session();
            if (subject.length() > LONGEST_NAME || (session != null && session.length() > LONGEST_NAME)) {
                throw failed("the provider's names are longer than " + LONGEST_NAME);
            }
            return verifier.verify(given.access())
                    .map(caller -> signed(caller, new BrowserSession.Login(subject, session), given));
        });
    }

    private static Signed signed(Caller caller, BrowserSession.Login login, TokenEndpoint.Tokens given) {
        if (caller.userId() == 0) {
            throw failed("the access token has no whole number as the user's id (vitrina.identity.user-claim)");
        }
        // a provider may name a hundred groups; a cookie has no room for what nobody here asks for
        Set<String> roles = new HashSet<>(caller.roles());
        roles.retainAll(Roles.ALL);
        roles.remove(Roles.USER);
        return new Signed(caller.userId(), Set.copyOf(roles), login, given);
    }

    private static Throwable told(Throwable failure) {
        if (failure instanceof TokenEndpoint.Refused) {
            return failed(failure.getMessage());
        }
        if (failure instanceof ProblemException problem) {
            return problem.code().equals(FAILED) || problem.code().retryable() ? problem : failed(problem.getMessage());
        }
        LOG.warnf("The identity provider is not to be had: %s", failure.getMessage());
        return ProviderTokens.away();
    }

    /** The reason is the operator's to read; whoever has come here with an answer of their own making learns nothing by it. */
    private static ProblemException failed(@Nullable String why) {
        LOG.warnf("Nobody was signed in: %s", why);
        return new ProblemException(
                FAILED, "The sign-in did not come to its end; begin again at " + Sessions.SIGN_IN + ".");
    }

    /** Ends the session here; answers where the browser can sign out at the provider too, null where that has no such place. */
    public Uni<@Nullable String> signOut(HttpServerRequest asked, BrowserSession session) {
        String back = Sessions.origin(asked) + "/";
        return OwnContext.andBack(store.find(session))
                .flatMap(found -> {
                    store.forget(session);
                    return endpoints().map(at -> {
                        if (found.tokens() != null) {
                            tokens.giveUp(found.tokens(), at);
                        }
                        return signOut(at.endSession(), found.tokens(), back);
                    });
                })
                .onFailure()
                .recoverWithNull();
    }

    private @Nullable String signOut(@Nullable String place, @Nullable HeldTokens tokens, String back) {
        if (place == null) {
            return null;
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("client_id", client.client());
        query.put("post_logout_redirect_uri", back);
        String id = tokens == null ? null : tokens.id();
        if (id != null) {
            query.put("id_token_hint", id);
        }
        return with(place, query);
    }
}
