package org.vitrina.bff.session;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A browser's session.
 *
 * @param roles as tokens name them
 * @param id new at each sign-in
 * @param csrf what a form or a script shows to prove that it is of our own pages
 * @param begun when its user signed in
 * @param seen when its cookie was written
 * @param until when it ends if it is not seen again
 * @param login at the provider; null for a demonstration
 */
public record BrowserSession(
        int user,
        Set<String> roles,
        String id,
        String csrf,
        Instant begun,
        Instant seen,
        Instant until,
        @Nullable Login login) {
    /**
     * How a provider names the user, and the session that the browser has with it; by both it can end ours.
     *
     * @param session null where it does not say
     */
    public record Login(String subject, @Nullable String session) {}

    /** Nothing that lets somebody be its user. */
    @Override
    public String toString() {
        return "BrowserSession[" + user + ", " + roles + "]";
    }
}
