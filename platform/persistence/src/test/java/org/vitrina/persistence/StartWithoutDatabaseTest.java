package org.vitrina.persistence;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.migrations.Migrations;
import org.vitrina.servers.PostgresServer;

/** The database is dead when the service starts, then comes without a schema, then with one. */
@QuarkusTest
@TestProfile(StartWithoutDatabaseTest.OwnStart.class)
@WithTestResource(StartWithoutDatabaseTest.DeadPostgres.class)
@SuppressWarnings("NullAway.Init")
class StartWithoutDatabaseTest {
    /** A start of its own. */
    public static final class OwnStart implements QuarkusTestProfile {}

    /** A server with an empty database, dead at first. */
    @SuppressWarnings("NullAway.Init") // set by start()
    public static final class DeadPostgres implements QuarkusTestResourceLifecycleManager {
        private PostgresServer server;

        @Override
        public Map<String, String> start() {
            server = PostgresServer.start();
            DatabaseAddress address = server.createDatabase("late");
            server.kill();
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

    PostgresServer server;

    @Test
    void opensItsPortsAndAnswersStartingUntilDatabaseAndSchemaAreThere() {
        given().get("/notes/1")
                .then()
                .statusCode(503)
                .body("type", equalTo("urn:vitrina:problem:starting"))
                .header("Retry-After", "1");

        server.restart();
        given().get("/notes/1").then().statusCode(503);

        Migrations.of(
                        new DatabaseAddress(
                                "jdbc:postgresql://127.0.0.1:" + server.port() + "/late", "late", "late-secret"),
                        Path.of("src/test/resources/db/changelog"))
                .up();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> given().get("/notes/1").then().statusCode(200).body(equalTo("first")));
    }
}
