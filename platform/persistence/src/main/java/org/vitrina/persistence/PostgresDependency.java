package org.vitrina.persistence;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.vitrina.runtime.Dependency;

/** The service's own database: reachable, and with a schema that is new enough for this release. */
@ApplicationScoped
class PostgresDependency implements Dependency {
    private static final Duration TIMEOUT = Duration.ofMillis(900);
    private static final String UNDEFINED_TABLE = "42P01";

    private final Pool pool;
    private final Optional<String> required;
    private final boolean needed;

    PostgresDependency(Pool pool, SchemaConfig config, @All List<DatabaseUse> uses) {
        this.pool = pool;
        this.required = config.required();
        this.needed = uses.stream().allMatch(DatabaseUse::needed);
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Uni<Void> check() {
        if (!needed) {
            return Uni.createFrom().voidItem();
        }
        Uni<Void> check = required.isEmpty()
                ? pool.withConnection(connection -> connection.query("SELECT 1").execute())
                        .replaceWithVoid()
                : schemaIsNewEnough(required.orElseThrow());
        return check.ifNoItem()
                .after(TIMEOUT)
                .failWith(() -> new IllegalStateException("PostgreSQL did not answer within " + TIMEOUT.toMillis()
                        + " ms: see whether it is frozen, overloaded or cut off from the network"))
                .onFailure(failure -> !(failure instanceof IllegalStateException))
                .transform(failure -> new IllegalStateException(
                        "PostgreSQL cannot be used (" + failure.getMessage()
                                + "): check that it runs and quarkus.datasource.reactive.url, username and password",
                        failure));
    }

    private Uni<Void> schemaIsNewEnough(String changeSet) {
        return pool.withConnection(connection -> connection
                        .preparedQuery("SELECT 1 FROM databasechangelog WHERE id = $1")
                        .execute(Tuple.of(changeSet)))
                .onItem()
                .transformToUni(rows -> rows.rowCount() > 0
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom().<Void>failure(tooOld(changeSet)))
                .onFailure(failure ->
                        failure instanceof PgException refused && UNDEFINED_TABLE.equals(refused.getSqlState()))
                .transform(failure -> tooOld(changeSet));
    }

    private static IllegalStateException tooOld(String changeSet) {
        return new IllegalStateException("the schema of PostgreSQL is older than this release needs: change set '"
                + changeSet + "' is not applied; run the migrations (vitrina-migrations up)");
    }
}
