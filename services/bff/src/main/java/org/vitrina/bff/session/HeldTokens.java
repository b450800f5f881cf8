package org.vitrina.bff.session;

import java.time.Duration;
import java.time.Instant;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jspecify.annotations.Nullable;
import org.vitrina.identity.TokenEndpoint;

/**
 * A session's tokens of a provider.
 *
 * @param refresh null where the provider gives none
 * @param id by which the provider knows whom to sign out
 * @param got when the access token was had
 * @param expires when the access token does
 */
record HeldTokens(String access, @Nullable String refresh, @Nullable String id, Instant got, Instant expires) {
    private static final String USE = "vitrina-tokens";
    private static final String ACCESS = "access";
    private static final String REFRESH = "refresh";
    private static final String ID = "id";

    /** What is carried now must still count when a slow service looks at it. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    /** What the provider does not give anew goes on: a refresh token that does not rotate, the ID token of the sign-in. */
    static HeldTokens of(TokenEndpoint.Tokens tokens, @Nullable HeldTokens before) {
        return new HeldTokens(
                tokens.access(),
                tokens.refresh() != null || before == null ? tokens.refresh() : before.refresh,
                tokens.id() != null || before == null ? tokens.id() : before.id,
                Instant.now(),
                tokens.expires());
    }

    boolean isGood() {
        return Instant.now().plus(MARGIN).isBefore(expires);
    }

    /** Whether a quarter of its life is left at most: it is replaced while it still counts, and nobody waits. */
    boolean isToBeReplaced() {
        return refresh != null
                && Duration.between(Instant.now(), expires)
                                .compareTo(Duration.between(got, expires).dividedBy(4))
                        < 0;
    }

    /** None of them. */
    @Override
    public String toString() {
        return "HeldTokens[" + expires + "]";
    }

    /** @param session whose they are; they are not read as another's */
    String seal(SealedClaims sealed, String session, Instant until) {
        JwtClaims claims = new JwtClaims();
        claims.setJwtId(session);
        claims.setStringClaim(ACCESS, access);
        if (refresh != null) {
            claims.setStringClaim(REFRESH, refresh);
        }
        if (id != null) {
            claims.setStringClaim(ID, id);
        }
        claims.setIssuedAt(NumericDate.fromMilliseconds(got.toEpochMilli()));
        claims.setNumericDateClaim("access_exp", NumericDate.fromMilliseconds(expires.toEpochMilli()));
        claims.setExpirationTime(NumericDate.fromMilliseconds(until.toEpochMilli()));
        return sealed.seal(USE, claims);
    }

    /** Null where the text is none of ours, or of another session. */
    static @Nullable HeldTokens open(SealedClaims sealed, String session, String text) {
        JwtClaims claims = sealed.open(USE, text);
        try {
            return claims == null || !session.equals(claims.getJwtId())
                    ? null
                    : new HeldTokens(
                            claims.getStringClaimValue(ACCESS),
                            claims.getStringClaimValue(REFRESH),
                            claims.getStringClaimValue(ID),
                            Instant.ofEpochSecond(claims.getIssuedAt().getValue()),
                            Instant.ofEpochSecond(claims.getNumericDateClaimValue("access_exp")
                                    .getValue()));
        } catch (MalformedClaimException foreign) {
            return null;
        }
    }
}
