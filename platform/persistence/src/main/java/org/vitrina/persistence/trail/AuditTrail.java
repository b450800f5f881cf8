package org.vitrina.persistence.trail;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Page;
import org.vitrina.http.PathId;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.Caller;
import org.vitrina.identity.CurrentCaller;

/** Says to the database who acts, and tells operators who did. */
@Singleton
public class AuditTrail {
    /** What an erasure says of it. */
    public static final String KEPT =
            "the audit trail, which names the user by the id alone, for as long as it is kept:"
                    + " who moved money and stock must stay provable";

    public static final String LIMIT = "How many at most, up to 500; 100 if left out";
    public static final String BEFORE = "Only entries before this position";
    public static final String USER = "Only what was done to what is this user's";

    private static final int USUAL = 100;
    private static final int MOST = 500;
    private static final Pattern POSITION = Pattern.compile("[1-9][0-9]{0,17}");
    private static final String BEGIN = "SELECT " + by("?1");

    private final CurrentCaller callers;
    private final RequestIds ids;
    private final AuditTrailRepository repository;
    private final AuditTrailPurge purge;
    private final String service;

    AuditTrail(
            CurrentCaller callers,
            RequestIds ids,
            AuditTrailRepository repository,
            AuditTrailPurge purge,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.callers = callers;
        this.ids = ids;
        this.repository = repository;
        this.purge = purge;
        this.service = service;
    }

    /**
     * For a statement that is a transaction by itself: what it selects from, so that the setting is made before its function
     * runs.
     *
     * @param parameter the place of {@link #deed} in the statement, such as {@code $4}
     */
    public static String by(String parameter) {
        return "set_config('vitrina.deed', " + parameter + ", true)";
    }

    /** Who acts: the caller of the request that is served, or the service by itself. */
    public String deed() {
        return deed(callers.caller().map(Caller::subject).orElse(service));
    }

    /** The same for what a message has done, by whom it names. */
    public String deed(String actor) {
        purge.begin();
        String trace = ids.traceId();
        return (trace == null ? "" : trace) + ' ' + actor;
    }

    /** For a Hibernate transaction: everything in it from here on is the caller's deed. */
    public Uni<Void> begin() {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(BEGIN, String.class)
                        .setParameter(1, deed())
                        .getSingleResult())
                .replaceWithVoid();
    }

    /** A page for operators, newest first; the parameters are as they came. */
    public Uni<RestResponse<List<AuditEntry>>> page(
            @Nullable String limit, @Nullable String before, @Nullable String userId, UriInfo request) {
        int most = Page.limit(limit, USUAL, MOST);
        if (before != null && !POSITION.matcher(before).matches()) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "before must be the position of an entry.");
        }
        return repository
                .page(
                        before == null ? Long.MAX_VALUE : Long.parseLong(before),
                        userId == null ? null : PathId.parse("user_id", userId),
                        most + 1)
                .map(found -> Page.of(found, most)
                        .answer(request, "before", AuditEntry::position)
                        .build());
    }
}
