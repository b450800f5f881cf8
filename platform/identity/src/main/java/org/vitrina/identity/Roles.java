package org.vitrina.identity;

import java.util.Set;

/** The roles of docs/contracts.md ("Roles"), as tokens and {@code @RolesAllowed} name them. */
public final class Roles {
    /** A service of this install, for itself or for the user whom its request names. */
    public static final String SERVICE = "service";

    /** Writes catalogue, stock, classifiers, and reads what is any user's. */
    public static final String ADMIN = "admin";

    /** Asks and does what is under {@code /ops}. */
    public static final String OPERATOR = "operator";

    /** Everybody whose subject is a user's id has it, named in the token or not. */
    public static final String USER = "user";

    public static final Set<String> ALL = Set.of(SERVICE, ADMIN, OPERATOR, USER);

    private Roles() {}
}
