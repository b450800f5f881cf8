package org.vitrina.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** Who sends the request being served, for what a declared rule cannot say. */
@ApplicationScoped
public class CurrentCaller {
    private final Enforcement enforcement;

    CurrentCaller(Enforcement enforcement) {
        this.enforcement = enforcement;
    }

    /** Whether callers are asked who they are. */
    public boolean authenticates() {
        return enforcement.on();
    }

    /** Empty off a request, and where nobody said who they are. */
    public Optional<Caller> caller() {
        return Optional.ofNullable(Caller.current());
    }

    /** The user whom a request is about that names none: the caller, or with authentication off the one by default. */
    public int user(int byDefault) {
        Caller caller = Caller.current();
        if (!enforcement.on() || caller == Caller.ANYBODY) {
            return byDefault;
        }
        if (caller == null) {
            throw Refusals.notSignedIn();
        }
        if (caller.userId() == 0) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST, "user_id is missing: a service must name the user whom it acts for.");
        }
        return caller.userId();
    }

    /** Who acts, as an audit trail and a message name it: the user's id, a service's name, {@code anybody} with authentication off. */
    public String actor() {
        Caller caller = Caller.current();
        return caller == null ? enforcement.on() ? "nobody" : Caller.ANYBODY.subject() : caller.subject();
    }

    /** {@code Authorization} for calls made on the caller's behalf; null where there is none to be carried on. */
    public @Nullable String authorization() {
        Caller caller = Caller.current();
        return caller == null || caller.token() == null ? null : "Bearer " + caller.token();
    }
}
