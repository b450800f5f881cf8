package org.vitrina.messaging;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.RecurringTask;

/**
 * Takes what is personal out of the messages that a service keeps: events that wait in the outbox, parked ones, dead
 * letters. None of them is dropped: whoever takes it knows what happened, and not to whom it may be told.
 *
 * <p>A message is a user's where it is a JSON object whose {@code user_id} is that user; all but its named fields go. A
 * message that is being sent or attempted at this very moment is not reached: its handler must know who was erased.
 */
@ApplicationScoped
public class MessageErasure {
    /** The fields of an event about an order that may stay: what happened, and not to whom it may be told. */
    public static final Set<String> KEPT_OF_ORDER_EVENTS =
            Set.of("event_id", "type", "version", "order_id", "user_id", "sequence", "status", "total", "occurred_at");

    private static final int PORTION = 500;
    private static final UUID FIRST = new UUID(0, 0);
    private static final Duration NO_LIMIT = Duration.ofNanos(Long.MAX_VALUE);

    private final OutboxRepository outbox;
    private final ParkedRepository parked;
    private final Redrive redrive;

    MessageErasure(OutboxRepository outbox, ParkedRepository parked, Redrive redrive) {
        this.outbox = outbox;
        this.parked = parked;
        this.redrive = redrive;
    }

    /** A message's content without what is personal; empty where there is nothing to take out. */
    private interface Erased extends Function<Buffer, Optional<Buffer>> {}

    private interface Write<K> extends Function<StoredBody<K>, Uni<Void>> {}

    /**
     * How many messages lost something. Fails with {@code unavailable} (503) while the broker, or the database, is away;
     * it may be asked again.
     *
     * @param until what occurred after that, by the message's {@code occurred_at}, is left: the user has come back
     * @param kept the names of the fields that are nobody's secret
     * @param queues those that the service reads; a dead letter of theirs that is changed is taken up again
     */
    public Uni<Integer> erase(int userId, Instant until, Set<String> kept, List<String> queues) {
        Erased erased = content -> without(content, userId, until, kept);
        if (queues.isEmpty()) {
            return inOutbox(erased);
        }
        // the way that messages go, so that none passes by: parked, on the way out of the outbox, dead;
        // an attempt that has just failed brings another into the outbox
        Uni<Integer> all = inParked(erased).chain(before -> inOutbox(erased).map(more -> before + more));
        for (String queue : queues) {
            all = all.chain(
                    before -> redrive.take(queue, Integer.MAX_VALUE, NO_LIMIT, letter -> erased.apply(letter.body())
                                    .map(letter::withBody))
                            .map(taken -> before + taken.moved()));
        }
        return all.chain(before -> inOutbox(erased).map(more -> before + more));
    }

    private static Optional<Buffer> without(Buffer content, int userId, Instant until, Set<String> kept) {
        try {
            JsonObject message = content.toJsonObject();
            if (!String.valueOf(userId).equals(String.valueOf(message.getValue("user_id")))
                    || isAfter(until, message.getValue("occurred_at"))) {
                return Optional.empty();
            }
            boolean changed = message.fieldNames().retainAll(kept);
            return changed ? Optional.of(message.toBuffer()) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty(); // no object, so nobody's
        }
    }

    /** One that does not say when it occurred is taken for an old one. */
    private static boolean isAfter(Instant until, @Nullable Object occurred) {
        try {
            return occurred instanceof String text && Instant.parse(text).isAfter(until);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private Uni<Integer> inOutbox(Erased erased) {
        return RecurringTask.inPortionsAfter(
                0L,
                PORTION,
                last -> outbox.bodies(last, PORTION),
                StoredBody::key,
                rows -> replaced(rows, erased, outbox::replace));
    }

    private Uni<Integer> inParked(Erased erased) {
        return RecurringTask.inPortionsAfter(
                FIRST,
                PORTION,
                last -> parked.bodies(last, PORTION),
                StoredBody::key,
                rows -> replaced(rows, erased, parked::replace));
    }

    private static <K> Uni<Integer> replaced(List<StoredBody<K>> rows, Erased erased, Write<K> write) {
        List<StoredBody<K>> changed = rows.stream()
                .flatMap(row -> erased.apply(row.content()).map(rest -> new StoredBody<>(row.key(), rest)).stream())
                .toList();
        return Multi.createFrom()
                .iterable(changed)
                .onItem()
                .transformToUniAndConcatenate(write::apply)
                .onItem()
                .ignoreAsUni()
                .replaceWith(changed.size());
    }
}
