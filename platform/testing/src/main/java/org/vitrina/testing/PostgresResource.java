package org.vitrina.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.migrations.Migrations;
import org.vitrina.servers.PostgresServer;

/**
 * Gives a {@code @QuarkusTest} a fresh database on the JVM's shared {@link PostgresServer}, with the module's own change
 * log applied.
 *
 * <p>{@code @WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value =
 * "products"))}. Further arguments: {@code changelog} (folder, default {@code src/main/resources/db/changelog}, or
 * {@code none}) and {@code contexts} (default {@code demo}). A field of type {@link PostgresServer} in the test is set,
 * for faults.
 */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {
    private static final String DEFAULT_CHANGE_LOG = "src/main/resources/db/changelog";

    private String database = "vitrina";
    private String changeLog = DEFAULT_CHANGE_LOG;
    private String contexts = Migrations.DEMO;

    @Override
    public void init(Map<String, String> arguments) {
        database = arguments.getOrDefault("database", database);
        changeLog = arguments.getOrDefault("changelog", changeLog);
        contexts = arguments.getOrDefault("contexts", contexts);
    }

    @Override
    public Map<String, String> start() {
        DatabaseAddress address = PostgresServer.shared().createDatabase(database);
        if (!changeLog.equals("none")) {
            Migrations.of(address, Path.of(changeLog))
                    .withContexts(words(contexts))
                    .up();
        }
        return settingsFor(address);
    }

    /** What a service needs to use {@code address}. */
    static Map<String, String> settingsFor(DatabaseAddress address) {
        var settings = new HashMap<String, String>();
        settings.put("quarkus.datasource.reactive.url", address.url().substring("jdbc:".length()));
        settings.put("quarkus.datasource.username", address.user());
        settings.put("quarkus.datasource.password", address.password());
        return settings;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(PostgresServer.shared(), new TestInjector.MatchesType(PostgresServer.class));
    }

    /** The server stays for the next profile; it ends with the JVM. */
    @Override
    public void stop() {}

    private static Set<String> words(String list) {
        return Stream.of(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }
}
