package org.vitrina.messaging;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is personal out of the messages that a service keeps: events that wait in the outbox, parked ones, dead
 * letters. None of them is dropped: whoever takes it knows what happened, and not to whom it may be told.
 *
 * <p>A message is a user's where it is a JSON object whose {@code user_id} is that user; all but its named fields go. A
 * message that is being sent or attempted at this very moment is not reached: its handler must know who was erased.
 */
@ApplicationScoped
public class MessageErasure {
    private static final int PORTION = 500;

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

    /**
     * How many messages lost something. Fails with {@code unavailable} (503) while the broker, or the database, is away;
     * it may be asked again.
     *
     * @param kept the names of the fields that are nobody's secret
     * @param queues those that the service reads; a dead letter of theirs that is changed is taken up again
     */
    public Uni<Integer> erase(int userId, Set<String> kept, List<String> queues) {
        Erased erased = content -> without(content, userId, kept);
        Uni<Integer> all = inOutbox(0, erased);
        if (!queues.isEmpty()) {
            all = all.chain(before -> inParked(null, erased).map(more -> before + more));
        }
        for (String queue : queues) {
            all = all.chain(before -> redrive.take(
                            queue, Integer.MAX_VALUE, Integer.MAX_VALUE, letter -> erased.apply(letter.body())
                                    .map(letter::withBody))
                    .map(taken -> before + taken.moved()));
        }
        return all;
    }

    static Optional<Buffer> without(Buffer content, int userId, Set<String> kept) {
        try {
            JsonObject message = content.toJsonObject();
            if (!String.valueOf(userId).equals(String.valueOf(message.getValue("user_id")))) {
                return Optional.empty();
            }
            boolean changed = message.fieldNames().retainAll(kept);
            return changed ? Optional.of(message.toBuffer()) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty(); // no object, so nobody's
        }
    }

    private Uni<Integer> inOutbox(long after, Erased erased) {
        return outbox.bodies(after, PORTION).chain(rows -> replaced(rows, erased, outbox::replace)
                .chain(count -> rows.size() < PORTION
                        ? Uni.createFrom().item(count)
                        : inOutbox(rows.getLast().key(), erased).map(more -> count + more)));
    }

    private Uni<Integer> inParked(@Nullable UUID after, Erased erased) {
        return parked.bodies(after, PORTION).chain(rows -> replaced(rows, erased, parked::replace)
                .chain(count -> rows.size() < PORTION
                        ? Uni.createFrom().item(count)
                        : inParked(rows.getLast().key(), erased).map(more -> count + more)));
    }

    private static <K> Uni<Integer> replaced(
            List<StoredBody<K>> rows, Erased erased, Function<StoredBody<K>, Uni<Void>> write) {
        Uni<Integer> count = Uni.createFrom().item(0);
        for (StoredBody<K> row : rows) {
            Optional<Buffer> rest = erased.apply(row.content());
            if (rest.isPresent()) {
                count = count.chain(before ->
                        write.apply(new StoredBody<>(row.key(), rest.get())).replaceWith(before + 1));
            }
        }
        return count;
    }
}
