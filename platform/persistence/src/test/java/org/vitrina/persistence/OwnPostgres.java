package org.vitrina.persistence;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.servers.PostgresServer;

/** A server that this test alone may freeze and kill. */
@SuppressWarnings("NullAway.Init") // set by start()
public final class OwnPostgres implements QuarkusTestResourceLifecycleManager {
    private PostgresServer server;

    @Override
    public Map<String, String> start() {
        server = PostgresServer.start();
        DatabaseAddress address = server.createDatabase("notes", Path.of("src/test/resources/db/changelog"));
        return Map.of(
                "quarkus.datasource.reactive.url", address.url().substring("jdbc:".length()),
                "quarkus.datasource.username", address.user(),
                "quarkus.datasource.password", address.password());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(PostgresServer.class));
    }

    @Override
    public void stop() {
        server.close();
    }
}
