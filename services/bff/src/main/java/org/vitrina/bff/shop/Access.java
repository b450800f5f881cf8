package org.vitrina.bff.shop;

import java.util.Set;
import org.vitrina.identity.AuthMode;
import org.vitrina.identity.Roles;

/**
 * What a page shows of who looks at it.
 *
 * @param csrf what each form carries to be believed; empty where there is no session
 */
public record Access(AuthMode mode, boolean isSignedIn, String csrf, Set<String> roles) {
    /** Where authentication is off: everybody may everything, as whom they like. */
    static final Access OFF = new Access(AuthMode.OFF, true, "", Set.of(Roles.ADMIN, Roles.OPERATOR));

    /** Whether a page lets its visitor be another customer. */
    public boolean isSwitched() {
        return mode == AuthMode.OFF;
    }

    /** Whether signing in is a demonstration, which every page says. */
    public boolean isDemo() {
        return mode == AuthMode.DEMO;
    }

    /** Whether somebody who has not said who they are is shown where to. */
    public boolean isAsked() {
        return mode != AuthMode.OFF;
    }

    /** Whether there is a session to be ended. */
    public boolean hasSession() {
        return !csrf.isEmpty();
    }

    public boolean isAdmin() {
        return roles.contains(Roles.ADMIN);
    }

    public boolean isOperator() {
        return roles.contains(Roles.OPERATOR);
    }
}
