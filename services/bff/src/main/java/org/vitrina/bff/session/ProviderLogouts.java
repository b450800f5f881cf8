package org.vitrina.bff.session;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.function.Consumer;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.ClientTokens;
import org.vitrina.runtime.OwnContext;

/** What a provider says of those who have signed out there, or were (OpenID Connect Back-Channel Logout 1.0). */
@ApplicationScoped
public class ProviderLogouts {
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private final ClientTokens client;
    private final RevokedSessions revoked;

    ProviderLogouts(ClientTokens client, RevokedSessions revoked) {
        this.client = client;
        this.revoked = revoked;
    }

    /** Ends, at all replicas, the sessions that a logout token names; 400 where it is none, 503 where not all replicas were told. */
    public Uni<Void> take(String token) {
        return OwnContext.andBack(client.verify(token)).flatMap(this::end);
    }

    private Uni<Void> end(ClientTokens.Said said) {
        String session = said.session();
        String subject = said.subject();
        // an ID token, which has a nonce and no such event, ends nothing
        if (!said.events().contains(EVENT) || said.nonce() != null || (session == null && subject == null)) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "This is no logout token.");
        }
        return Uni.createFrom()
                .<Boolean>emitter(emitter -> {
                    Consumer<Boolean> told = emitter::complete;
                    if (session == null) {
                        revoked.addSubject(Objects.requireNonNull(subject), told);
                    } else {
                        revoked.addLogin(session, told);
                    }
                })
                .invoke(all -> {
                    if (!all) {
                        throw new ProblemException(
                                ErrorCode.UNAVAILABLE, "The sessions have ended at this replica only: say it again.");
                    }
                })
                .replaceWithVoid();
    }
}
