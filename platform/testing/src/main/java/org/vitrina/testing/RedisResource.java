package org.vitrina.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.vitrina.servers.RedisServer;

/**
 * Gives a {@code @QuarkusTest} the JVM's shared {@link RedisServer}; a field of that type in the test is set, for
 * faults.
 */
public final class RedisResource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of("quarkus.redis.hosts", RedisServer.shared().url());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(RedisServer.shared(), new TestInjector.MatchesType(RedisServer.class));
    }

    /** The server stays for the next profile; it ends with the JVM. */
    @Override
    public void stop() {}
}
