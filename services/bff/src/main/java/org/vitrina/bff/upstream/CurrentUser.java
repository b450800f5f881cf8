package org.vitrina.bff.upstream;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.session.Callers;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.AuthMode;

/** Which user a request is about. */
@ApplicationScoped
public class CurrentUser {
    /** Of the customer that a visitor is, where authentication is off. */
    public static final String COOKIE = "vitrina-user";

    private static final String USER_ID = "user_id";

    private final int defaultUser;
    private final CurrentVertxRequest request;
    private final Callers callers;

    CurrentUser(BffConfig config, CurrentVertxRequest request, Callers callers) {
        this.defaultUser = config.defaultUser();
        this.request = request;
        this.callers = callers;
    }

    /**
     * The user; {@link Callers#NOBODY} where nobody has said who they are, which only public routes let come so far.
     *
     * @param userId the value of {@code ?user_id=}; with authentication it may name others for {@code admin} and {@code
     *     service} only
     */
    public int user(@Nullable String userId) {
        int asking = callers.user(defaultUser);
        if (userId == null && !hasEmptyUserId()) {
            return asking;
        }
        int named = number(USER_ID, userId == null ? "" : userId, Integer.MAX_VALUE);
        callers.requireMayActFor(named);
        return asking == Callers.NOBODY ? asking : named;
    }

    /** The user whom an answer is for, as far as the request says it well; {@link Callers#NOBODY} for nobody. Never fails. */
    public int served() {
        int asking = callers.user(defaultUser);
        RoutingContext asked = request.getCurrent();
        if (callers.mode() != AuthMode.OFF || asked == null) {
            return asking;
        }
        String named = asked.request().getParam(USER_ID);
        Cookie chosen = named == null ? asked.request().getCookie(COOKIE) : null;
        String user = chosen == null ? named : chosen.getValue();
        return user != null && user.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(user) : asking;
    }

    /** {@code ?user_id=} names nobody, which is not the same as naming none: Quarkus REST makes null of both. */
    private boolean hasEmptyUserId() {
        RoutingContext asked = request.getCurrent();
        return asked != null
                && asked.request().query() != null
                && asked.queryParams().contains(USER_ID);
    }

    /** A positive whole number up to {@code most}, or the 400 that names the field. */
    public static int number(String field, String text, int most) {
        int length = text.length();
        long number = 0;
        boolean digits = length > 0 && length <= 10;
        for (int i = 0; digits && i < length; i++) {
            char c = text.charAt(i);
            digits = c >= '0' && c <= '9';
            number = number * 10 + (c - '0');
        }
        if (!digits || number < 1 || number > most) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST, field + " must be a whole number from 1 to " + most + ".");
        }
        return (int) number;
    }
}
