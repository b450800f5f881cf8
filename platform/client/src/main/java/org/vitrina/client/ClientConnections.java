package org.vitrina.client;

import io.vertx.core.http.HttpClientOptions;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.Provider;
import java.util.concurrent.TimeUnit;

/**
 * What the connections of all declared REST clients have in common, beside the settings of {@link DependencyConfig}.
 *
 * <p>A call that is cancelled before it has its connection does not give that one back when it comes (Quarkus 3.33.2), so a
 * connection on which nothing moves is closed, later than the longest call may take; and the calls that wait for one are
 * bounded.
 */
@Provider
@ConstrainedTo(RuntimeType.CLIENT)
public final class ClientConnections implements ContextResolver<HttpClientOptions> {
    /** Above the longest {@link DependencyConfig#timeout}. */
    static final int IDLE_SECONDS = 65;

    private static final int MAX_WAITING = Integer.parseInt(DependencyConfig.MAX_WAITING);

    @Override
    public HttpClientOptions getContext(Class<?> client) {
        HttpClientOptions options = new HttpClientOptions();
        options.setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        return options.setMaxWaitQueueSize(MAX_WAITING);
    }
}
