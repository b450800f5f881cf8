package org.vitrina.contracts;

import java.net.URI;
import java.util.Optional;

/**
 * Where a service is, and as whom it is asked.
 *
 * @param http with or without a slash at its end
 * @param management where its health is told; empty: that is not judged
 * @param token with the roles service, admin and operator; empty where nobody is asked who they are
 * @param stranger the token of an ordinary user whose data no rule touches
 */
public record TestedAddress(URI http, Optional<URI> management, Optional<String> token, Optional<String> stranger) {
    public TestedAddress {
        http = withoutSlash(http);
        management = management.map(TestedAddress::withoutSlash);
    }

    /** A service that asks nobody who they are. */
    public static TestedAddress of(URI http, URI management) {
        return new TestedAddress(http, Optional.of(management), Optional.empty(), Optional.empty());
    }

    private static URI withoutSlash(URI address) {
        return URI.create(address.toString().replaceFirst("/+$", ""));
    }
}
