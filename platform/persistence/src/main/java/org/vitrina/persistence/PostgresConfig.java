package org.vitrina.persistence;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Limits of the service's use of PostgreSQL, beside those of {@code quarkus.datasource.reactive}. */
@ConfigMapping(prefix = "vitrina.postgres")
public interface PostgresConfig {
    /**
     * A file with the certificates (PEM) of the authorities that are trusted where the URL says {@code
     * sslmode=verify-full} or {@code verify-ca}; those that Java trusts without it.
     */
    Optional<String> caFile();

    /** A bound of memory: how much work may wait for a connection; more is answered 503 at once. */
    @WithDefault("10000")
    @Min(0)
    int maxWaiting();

    /** How long work without a deadline waits for a connection; a request waits until its deadline. */
    @WithDefault("2s")
    Duration acquireTimeout();

    /** How long opening a connection may take, without its handshake. */
    @WithDefault("500ms")
    Duration connectTimeout();

    /**
     * A connection over which the server has answered nothing for so long although it was asked is closed: longer than
     * any deadline and any statement. Frees what a frozen or vanished server holds.
     */
    @WithDefault("3s")
    Duration silenceLimit();

    /** The server itself ends a statement that runs longer, as nobody waits for it any more. */
    @WithDefault("2500ms")
    Duration statementTimeout();

    /** The server itself ends a transaction in which nothing happens for so long, and its locks. */
    @WithDefault("5s")
    Duration idleInTransactionTimeout();

    /**
     * {@code postgresql://host:port/database} of a replica that follows the database, with the same user and password: what may
     * be a little old is read there (of products the lists that name no product). Without it all is read from the database.
     */
    Optional<String> readUrl();

    /** How old what is read there may be at most; while the replica is further behind, or does not answer, it is not read. */
    @WithDefault("2s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 5)
    Duration readMaxLag();
}
