package org.vitrina.client;

import io.quarkus.arc.Unremovable;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;

/** Sends what a declared client asks of a release that listens elsewhere to there; before Stork looks for a replica. */
@Unremovable
@Singleton
@Priority(500)
public class ReleaseRoute implements ClientRequestFilter {
    private final Upstreams upstreams;

    ReleaseRoute(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    @Override
    public void filter(ClientRequestContext request) {
        String release = request.getHeaderString(Release.HEADER);
        if (release != null) {
            request.setUri(upstreams.routed(release, request.getUri()));
        }
    }
}
