package org.vitrina.bff.session;

import java.time.Instant;
import java.util.Set;

/**
 * A browser's session.
 *
 * @param roles as tokens name them
 * @param id new at each sign-in
 * @param csrf what a form or a script shows to prove that it is of our own pages
 * @param begun when its user signed in
 * @param seen when its cookie was written
 * @param until when it ends if it is not seen again
 */
public record BrowserSession(
        int user, Set<String> roles, String id, String csrf, Instant begun, Instant seen, Instant until) {
    /** Nothing that lets somebody be its user. */
    @Override
    public String toString() {
        return "BrowserSession[" + user + ", " + roles + "]";
    }
}
