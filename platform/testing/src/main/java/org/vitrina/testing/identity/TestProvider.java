package org.vitrina.testing.identity;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.http.FakeService.Request;

/**
 * An OpenID provider of the tests: codes count once and with their PKCE verifier, refresh tokens count once, and whose one comes
 * twice has lost its session, as strict providers have it. Its one client may also ask for a token of its own.
 */
public final class TestProvider implements AutoCloseable {
    public static final String CLIENT = "shop";
    public static final String SECRET = "s3cret";

    private final FakeService service = FakeService.answering(Answer.status(503));
    private final Map<String, Begun> codes = new ConcurrentHashMap<>();
    private final Map<String, Begun> refreshing = new ConcurrentHashMap<>();
    private final AtomicInteger refreshes = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();

    // what it does from now on
    public volatile TestIssuer issuer = new TestIssuer();
    public volatile int user = 1;
    public volatile List<String> roles = List.of();
    public volatile Duration life = Duration.ofMinutes(5);
    public volatile Duration clock = Duration.ZERO;
    public volatile @Nullable String nonce;
    public volatile @Nullable String keys;
    public volatile int padding;

    /** The session that it has with whoever signed in last. */
    public volatile String lastSid = "";

    /** One who has signed in. */
    private record Begun(
            int user, List<String> roles, String sid, String nonce, String challenge, String redirectUri) {}

    public TestProvider() {
        reset();
        // it is away while the program starts
        service.answer(Answer.status(503));
    }

    /** Well, and with its usual answers. */
    public void reset() {
        user = 1;
        roles = List.of();
        life = Duration.ofMinutes(5);
        clock = Duration.ZERO;
        nonce = null;
        keys = null;
        padding = 0;
        refreshes.set(0);
        refusals.set(0);
        givenUp.set(0);
        service.answer(this::answer);
        service.forget();
    }

    public FakeService service() {
        return service;
    }

    /** How many access tokens were given for refresh tokens. */
    public int refreshes() {
        return refreshes.get();
    }

    /** How often it has said no. */
    public int refusals() {
        return refusals.get();
    }

    /** One of a user who has signed in before. */
    public String refreshToken(int ofUser) {
        String next = UUID.randomUUID().toString();
        refreshing.put(next, new Begun(ofUser, List.of(), "sid", "", "", ""));
        return next;
    }

    public String url() {
        return service.url().toString();
    }

    @Override
    public void close() {
        service.close();
    }

    private Answer answer(Request request) {
        String path = request.target().split("\\?", 2)[0];
        return switch (path) {
            case "/.well-known/openid-configuration" ->
                Answer.json(description().encode());
            case "/keys" -> Answer.json(keys == null ? issuer.jwks() : Objects.requireNonNull(keys));
            case "/authorize" -> page(request);
            case "/token" -> token(request);
            case "/revoke" -> revoke(request);
            case "/logout" ->
                Answer.of(
                        302,
                        Map.of(
                                "Location",
                                query(URI.create(request.target())).getOrDefault("post_logout_redirect_uri", "")),
                        "");
            case "/favicon.ico" -> Answer.status(204);
            default -> Answer.status(404);
        };
    }

    private JsonObject description() {
        return JsonObject.of(
                "issuer", url(),
                "authorization_endpoint", url() + "/authorize",
                "token_endpoint", url() + "/token",
                "jwks_uri", url() + "/keys",
                "revocation_endpoint", url() + "/revoke",
                "end_session_endpoint", url() + "/logout");
    }

    /** Where somebody signs in by a click. */
    private Answer page(Request request) {
        return Answer.of(
                200,
                Map.of("Content-Type", "text/html"),
                "<!doctype html><title>Provider</title><a id=\"go\" href=\""
                        + authorize(URI.create(request.target())).replace("&", "&amp;") + "\">Sign in</a>");
    }

    /** What the provider does with a browser that was sent to it; answers where it sends it back to. */
    public String authorize(URI asked) {
        Map<String, String> query = query(asked);
        if (!"code".equals(query.getOrDefault("response_type", ""))
                || !CLIENT.equals(query.getOrDefault("client_id", ""))
                || !"S256".equals(query.getOrDefault("code_challenge_method", ""))
                || !query.getOrDefault("scope", "").contains("openid")) {
            throw new IllegalArgumentException(asked.toString());
        }
        String code = UUID.randomUUID().toString();
        codes.put(
                code,
                new Begun(
                        user,
                        roles,
                        UUID.randomUUID().toString(),
                        query.getOrDefault("nonce", ""),
                        query.getOrDefault("code_challenge", ""),
                        query.getOrDefault("redirect_uri", "")));
        return query.getOrDefault("redirect_uri", "") + "?code=" + code + "&state="
                + URLEncoder.encode(query.getOrDefault("state", ""), StandardCharsets.UTF_8) + "&iss="
                + URLEncoder.encode(url(), StandardCharsets.UTF_8);
    }

    /** How many refresh tokens that counted were given up. */
    public int givenUp() {
        return givenUp.get();
    }

    private static boolean isClient(Request request) {
        String basic = Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
        return ("Basic " + basic).equals(request.header("Authorization"));
    }

    private Answer revoke(Request request) {
        if (!isClient(request)) {
            return refuse("invalid_client");
        }
        if (refreshing.remove(query(URI.create("/?" + request.body())).getOrDefault("token", "")) != null) {
            givenUp.incrementAndGet();
        }
        return Answer.of(200, Map.of(), "");
    }

    private Answer token(Request request) {
        if (!isClient(request)) {
            return refuse("invalid_client");
        }
        Map<String, String> form = query(URI.create("/?" + request.body()));
        if ("client_credentials".equals(form.getOrDefault("grant_type", ""))) {
            return Answer.json(ofService().encode());
        }
        boolean refresh = "refresh_token".equals(form.getOrDefault("grant_type", ""));
        Begun begun = refresh
                ? refreshing.remove(form.getOrDefault("refresh_token", ""))
                : codes.remove(form.getOrDefault("code", ""));
        if (begun == null) {
            return refuse("invalid_grant");
        }
        if (refresh) {
            refreshes.incrementAndGet();
        } else if (!begun.redirectUri.equals(form.getOrDefault("redirect_uri", ""))
                || !begun.challenge.equals(challenge(form.getOrDefault("code_verifier", "")))) {
            return refuse("invalid_grant");
        }
        String next = UUID.randomUUID().toString();
        refreshing.put(next, begun);
        JsonObject answer = JsonObject.of(
                "access_token",
                access(begun),
                "token_type",
                "Bearer",
                "expires_in",
                life.toSeconds(),
                "refresh_token",
                next);
        if (!refresh) {
            answer.put("id_token", idToken(begun));
            lastSid = begun.sid;
        }
        return Answer.json(answer.encode());
    }

    /** For the client itself: it is a service. */
    private JsonObject ofService() {
        String token = issuer.token(
                claims -> {
                    times(claims);
                    claims.setClaim("realm_access", Map.of("roles", List.of("service")));
                },
                CLIENT);
        return JsonObject.of("access_token", token, "token_type", "Bearer", "expires_in", life.toSeconds());
    }

    private Answer refuse(String error) {
        refusals.incrementAndGet();
        return Answer.of(400, Map.of(), "{\"error\":\"" + error + "\"}");
    }

    private String access(Begun begun) {
        return issuer.token(
                claims -> {
                    times(claims);
                    claims.setClaim("user_id", begun.user);
                    claims.setClaim("realm_access", Map.of("roles", begun.roles));
                    if (padding > 0) {
                        claims.setStringClaim("padding", "x".repeat(padding));
                    }
                },
                subject(begun.user));
    }

    /** One of the sign-in. */
    private String idToken(Begun begun) {
        String shown = nonce == null ? begun.nonce : Objects.requireNonNull(nonce);
        return issuer.token(
                claims -> {
                    times(claims);
                    claims.setAudience(CLIENT);
                    claims.setStringClaim("nonce", shown);
                    claims.setStringClaim("sid", begun.sid);
                },
                subject(begun.user));
    }

    /** @param sid null for all sessions of the user */
    public String logoutToken(int ofUser, @Nullable String sid) {
        return issuer.token(
                claims -> {
                    times(claims);
                    claims.setAudience(CLIENT);
                    claims.setClaim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
                    if (sid != null) {
                        claims.setStringClaim("sid", sid);
                        claims.unsetClaim("sub");
                    }
                },
                subject(ofUser));
    }

    /** No whole number, as providers have it. */
    private static String subject(int user) {
        return "e7b1-" + user;
    }

    private void times(JwtClaims claims) {
        Instant now = Instant.now().plus(clock);
        claims.setIssuer(url());
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setNotBefore(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(life).getEpochSecond()));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The parameters of a URL, decoded. */
    public static Map<String, String> query(URI url) {
        return Arrays.stream(Objects.requireNonNullElse(url.getRawQuery(), "").split("&"))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(
                        pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8), (a, b) -> a));
    }
}
