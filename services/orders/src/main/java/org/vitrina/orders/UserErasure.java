package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;
import org.vitrina.messaging.MessageErasure;
import org.vitrina.persistence.idempotency.IdempotencyRecords;
import org.vitrina.persistence.trail.AuditTrail;

/** Erases a user: addresses, phone numbers, keys and what they stood for, and what events that wait would tell of them. */
@ApplicationScoped
class UserErasure {
    private final AddressRepository addresses;
    private final IdempotencyRecords records;
    private final MessageErasure messages;

    UserErasure(AddressRepository addresses, IdempotencyRecords records, MessageErasure messages) {
        this.addresses = addresses;
        this.records = records;
        this.messages = messages;
    }

    /** Refused while an order is not settled: whoever finishes it needs its address and tells its buyer. */
    Uni<Erasure> erase(int userId) {
        return addresses
                .erase(userId)
                .invoke(erased -> {
                    if (erased.unsettled() > 0) {
                        throw new ProblemException(
                                Erasure.UNDER_WAY,
                                erased.unsettled() + " orders of user " + userId
                                        + " are not settled, so that nothing was erased; repeat it when they are,"
                                        + " usually within seconds.");
                    }
                })
                .chain(erased -> records.erase(userId).chain(keys -> messages.erase(
                                userId, erased.at(), MessageErasure.KEPT_OF_ORDER_EVENTS, List.of())
                        .map(events -> erasure(erased, keys, events))));
    }

    private static Erasure erasure(AddressRepository.Erased erased, int keys, int events) {
        List<String> kept = new ArrayList<>();
        if (erased.kept() > 0) {
            kept.add(erased.kept() + " orders with lines, prices and totals: the books, and a cancellation brings money"
                    + " and stock back");
            kept.add("idempotency keys, without what they stood for, until they are too old: nothing is bought twice");
            kept.add(AuditTrail.KEPT);
        }
        return new Erasure(
                Map.of("addresses", (long) erased.blanked(), "answers", (long) keys, "events", (long) events), kept);
    }
}
