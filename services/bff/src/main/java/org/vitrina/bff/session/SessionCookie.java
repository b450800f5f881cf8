package org.vitrina.bff.session;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.SessionConfig;

/**
 * A session as the text that its browser keeps, which can neither read nor change anything of it. Its expiry is the earlier of
 * the two ends of a session.
 */
@Singleton
class SessionCookie {
    /** No token of any other kind is taken for a session, and none of them for another one. */
    private static final String USE = "vitrina-session";

    private static final String ROLES = "groups";
    private static final String BEGUN = "auth_time";
    private static final String CSRF = "csrf";
    private static final String LOGIN_SUBJECT = "login_sub";
    private static final String LOGIN_SESSION = "login_sid";

    /** Above this a cookie is none of ours, and not worth a look. */
    private static final int LONGEST = 4096;

    private final SealedClaims sealed;
    private final Duration idle;
    private final Duration absolute;

    SessionCookie(SealedClaims sealed, SessionConfig config) {
        this.sealed = sealed;
        this.idle = config.idle();
        this.absolute = config.absolute();
    }

    /**
     * A session that begins now, with an id that nobody has seen before.
     *
     * @param login null where no provider has signed its user in
     */
    BrowserSession begin(int user, Set<String> roles, BrowserSession.@Nullable Login login) {
        Instant now = Instant.now();
        String id = UUID.randomUUID().toString();
        String csrf = UUID.randomUUID().toString();
        return new BrowserSession(user, roles, id, csrf, now, now, until(now, now), login);
    }

    /** The same session, seen now. */
    BrowserSession seen(BrowserSession session) {
        Instant now = Instant.now();
        return new BrowserSession(
                session.user(),
                session.roles(),
                session.id(),
                session.csrf(),
                session.begun(),
                now,
                until(session.begun(), now),
                session.login());
    }

    /** Whether it is time to write the cookie anew: not with every answer, and long before it would end. */
    boolean isToBeRenewed(BrowserSession session) {
        return Duration.between(session.seen(), Instant.now()).compareTo(idle.dividedBy(10)) > 0;
    }

    private Instant until(Instant begun, Instant seen) {
        Instant last = begun.plus(absolute);
        Instant idleEnd = seen.plus(idle);
        return idleEnd.isBefore(last) ? idleEnd : last;
    }

    /** The cookie's value. */
    String write(BrowserSession session) {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(Integer.toString(session.user()));
        claims.setStringListClaim(ROLES, List.copyOf(session.roles()));
        claims.setJwtId(session.id());
        claims.setStringClaim(CSRF, session.csrf());
        claims.setNumericDateClaim(BEGUN, date(session.begun()));
        claims.setIssuedAt(date(session.seen()));
        claims.setExpirationTime(date(session.until()));
        BrowserSession.Login login = session.login();
        if (login != null) {
            claims.setStringClaim(LOGIN_SUBJECT, login.subject());
            if (login.session() != null) {
                claims.setStringClaim(LOGIN_SESSION, login.session());
            }
        }
        return sealed.seal(USE, claims);
    }

    /** Whose session a cookie's value is; null where it is none of ours, or has ended. */
    @Nullable
    BrowserSession read(String value) {
        if (value.length() > LONGEST) {
            return null;
        }
        JwtClaims claims = sealed.open(USE, value);
        try {
            return claims == null ? null : session(claims);
        } catch (MalformedClaimException | NumberFormatException foreign) {
            return null;
        }
    }

    private static BrowserSession session(JwtClaims claims) throws MalformedClaimException {
        String subject = claims.getStringClaimValue(LOGIN_SUBJECT);
        return new BrowserSession(
                Integer.parseInt(claims.getSubject()),
                Set.copyOf(claims.getStringListClaimValue(ROLES)),
                claims.getJwtId(),
                claims.getStringClaimValue(CSRF),
                instant(claims.getNumericDateClaimValue(BEGUN)),
                instant(claims.getIssuedAt()),
                instant(claims.getExpirationTime()),
                subject == null ? null : new BrowserSession.Login(subject, claims.getStringClaimValue(LOGIN_SESSION)));
    }

    private static NumericDate date(Instant instant) {
        return NumericDate.fromSeconds(instant.getEpochSecond());
    }

    private static Instant instant(NumericDate date) {
        return Instant.ofEpochSecond(date.getValue());
    }
}
