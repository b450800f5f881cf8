package org.vitrina.persistence.idempotency;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.http.IdempotencyKey;

/** A change of one transaction, and the steps of one of several, as services make them. */
@ApplicationScoped
class Effects {
    static final String OPERATION = "effect";

    private final IdempotencyRecords records;

    Effects(IdempotencyRecords records) {
        this.records = records;
    }

    @WithTransaction
    Uni<KeptAnswer> once(int userId, String key, String text) {
        return records.once(scope(userId, key), Fingerprint.of(text), () -> make(userId, text));
    }

    @WithTransaction
    Uni<Claim> claim(int userId, String key, String text, Duration lease) {
        return records.claim(scope(userId, key), Fingerprint.of(text), lease);
    }

    @WithTransaction
    Uni<Void> keep(int userId, String key, KeptAnswer answer) {
        return records.keep(scope(userId, key), answer);
    }

    @WithTransaction
    Uni<Void> free(int userId, String key) {
        return records.free(scope(userId, key));
    }

    private static KeyScope scope(int userId, String sent) {
        IdempotencyKey key = IdempotencyKey.parse(sent);
        return new KeyScope(userId, OPERATION, key.value(), key.quoted(), key.sentQuoted());
    }

    private static Uni<KeptAnswer> make(int userId, String text) {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery("INSERT INTO effect VALUES (?1, ?2)")
                        .setParameter(1, userId)
                        .setParameter(2, text)
                        .executeUpdate())
                .map(written -> {
                    if (text.equals("fails")) {
                        throw new IllegalStateException("the change failed");
                    }
                    return new KeptAnswer(201, "made " + text);
                });
    }
}
