package org.vitrina.client;

import io.quarkus.runtime.configuration.DurationConverter;
import io.vertx.core.http.HttpClientOptions;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * What the connections of all declared REST clients have in common, beside the settings of {@link DependencyConfig}.
 *
 * <p>A call that is cancelled while its connection opens does not give that one back (Quarkus 3.33.2), so a connection on which
 * nothing moves is closed, somewhat later than the longest call may take. Calls wait for a place in {@link CallPlaces} before.
 */
@Provider
@ConstrainedTo(RuntimeType.CLIENT)
public final class ClientConnections implements ContextResolver<HttpClientOptions> {
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final String URL = "url";

    @Override
    public HttpClientOptions getContext(Class<?> type) {
        Duration idle = longestCall(ConfigProvider.getConfig()).plus(MARGIN);
        return new HttpClientOptions().setIdleTimeout((int) idle.toMillis()).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** The largest {@link DependencyConfig#timeout} of this service's dependencies: what has a url has one. */
    static Duration longestCall(Config config) {
        Duration longest = DurationConverter.parseDuration(DependencyConfig.TIMEOUT);
        for (String name : config.getPropertyNames()) {
            if (name.startsWith("vitrina.") && name.endsWith("." + URL)) {
                Duration timeout = config.getOptionalValue(
                                name.substring(0, name.length() - URL.length()) + "timeout", String.class)
                        .map(DurationConverter::parseDuration)
                        .orElse(Duration.ZERO);
                longest = timeout.compareTo(longest) > 0 ? timeout : longest;
            }
        }
        return longest;
    }
}
