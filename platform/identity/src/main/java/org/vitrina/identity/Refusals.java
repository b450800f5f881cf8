package org.vitrina.identity;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import java.util.Map;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** What a caller is told who may not. */
public final class Refusals {
    private static final String CHALLENGE = "WWW-Authenticate";

    private static final Map<String, String> INVALID = Map.of(CHALLENGE, "Bearer error=\"invalid_token\"");

    private Refusals() {}

    /** What Quarkus refuses by a declared role, as a problem; anything else as it is. */
    public static Throwable translate(Throwable failure) {
        return switch (failure) {
            case UnauthorizedException nobody -> notSignedIn();
            case AuthenticationFailedException bad -> badToken("The access token is not acceptable here.");
            case ForbiddenException other ->
                new ProblemException(ErrorCode.FORBIDDEN, "The caller has none of the roles that may do this.");
            default -> failure;
        };
    }

    static ProblemException notSignedIn() {
        return new ProblemException(
                ErrorCode.UNAUTHORIZED,
                "This is for callers who say who they are: send an access token, Authorization: Bearer <token>.",
                Map.of(),
                Map.of(CHALLENGE, "Bearer"));
    }

    /** @param why with what the token does not pass, a sentence */
    static ProblemException badToken(String why) {
        return new ProblemException(ErrorCode.UNAUTHORIZED, why, Map.of(), INVALID);
    }

    static ProblemException anothers() {
        return new ProblemException(
                ErrorCode.FORBIDDEN, "This is another user's; a user reads and changes only what is their own.");
    }
}
