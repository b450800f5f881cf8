package org.vitrina.identity;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link OwnData} to its user. What is no number is no user's id (an order's is a UUID), or malformed: what reads it
 * says so (400).
 */
@Provider
@OwnData
@Priority(Priorities.AUTHORIZATION)
class OwnDataFilter implements ContainerRequestFilter {
    private final CurrentCaller callers;

    OwnDataFilter(CurrentCaller callers) {
        this.callers = callers;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!callers.authenticates()) {
            return;
        }
        Caller caller = Caller.current();
        if (caller == null) {
            throw Refusals.notSignedIn();
        }
        UriInfo asked = request.getUriInfo();
        check(caller, asked.getPathParameters().getFirst("id"));
        check(caller, asked.getQueryParameters().getFirst("user_id"));
    }

    private static void check(Caller caller, @Nullable String user) {
        if (user == null) {
            return;
        }
        int id;
        try {
            id = Integer.parseInt(user);
        } catch (NumberFormatException none) {
            return;
        }
        caller.requireMayActFor(id);
    }
}
