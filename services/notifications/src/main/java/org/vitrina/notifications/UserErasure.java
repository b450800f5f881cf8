package org.vitrina.notifications;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;
import org.vitrina.messaging.MessageErasure;
import org.vitrina.notifications.ErasureRepository.Told;
import org.vitrina.runtime.RecurringTask;

/**
 * Erases a user: first at the provider, by what is known here of each message, then here. May be repeated wherever it broke
 * off.
 */
@ApplicationScoped
class UserErasure {
    /** What the provider has erased is blanked here after so many: a provider that fails later is not asked for them again. */
    private static final int PORTION = 10;

    private final ErasureRepository repository;
    private final SmsGatewayClient provider;
    private final MessageErasure messages;
    private final Duration keep;

    UserErasure(
            ErasureRepository repository,
            SmsGatewayClient provider,
            MessageErasure messages,
            NotificationsConfig config) {
        this.repository = repository;
        this.provider = provider;
        this.messages = messages;
        this.keep = config.keep();
    }

    Uni<Erasure> erase(int userId) {
        AtomicBoolean providerKeeps = new AtomicBoolean();
        return repository
                .begin(userId)
                .invoke(begun -> {
                    if (begun.onTheirWay() > 0) {
                        throw new ProblemException(
                                Erasure.UNDER_WAY,
                                begun.onTheirWay() + " messages to user " + userId
                                        + " are on their way, so that nothing"
                                        + " was erased; repeat it when the provider has answered.");
                    }
                })
                .chain(begun -> portions(userId, providerKeeps).chain(told -> messages.erase(
                                userId,
                                begun.at(),
                                MessageErasure.KEPT_OF_ORDER_EVENTS,
                                List.of(OrderEventHandler.QUEUE))
                        .map(events -> new Erasure(
                                Map.of("notifications", (long) told, "messages", (long) events),
                                kept(providerKeeps.get())))));
    }

    private Uni<Integer> portions(int userId, AtomicBoolean providerKeeps) {
        return RecurringTask.inPortionsAfter(
                0L, PORTION, last -> repository.some(userId, last, PORTION), Told::position, some -> atProvider(
                                some, providerKeeps)
                        .chain(() -> repository.blank(some)));
    }

    private Uni<Void> atProvider(List<Told> some, AtomicBoolean providerKeeps) {
        return Multi.createFrom()
                .iterable(some)
                .select()
                .where(told -> told.accepted() || told.tried())
                .onItem()
                .transformToUniAndConcatenate(
                        told -> provider.erase(told.eventId()).invoke(outcome -> judge(told, outcome, providerKeeps)))
                .onItem()
                .ignoreAsUni();
    }

    private static void judge(Told told, SendOutcome outcome, AtomicBoolean providerKeeps) {
        switch (outcome) {
            case SendOutcome.Accepted erased -> {}
            case SendOutcome.Refused kept -> providerKeeps.set(true);
            case SendOutcome.Absent absent -> {
                if (told.accepted()) {
                    // it had it: what knows nothing of it now is more likely a provider that cannot be asked
                    providerKeeps.set(true);
                }
            }
            default ->
                throw new ProblemException(
                                ErrorCode.UNAVAILABLE,
                                "The SMS provider does not say that it erased a message; repeat it when it answers. What"
                                        + " was erased by then stays so.")
                        .retryAfter(Duration.ofSeconds(1));
        }
    }

    private List<String> kept(boolean providerKeeps) {
        List<String> kept = new ArrayList<>();
        kept.add("of each event that there was one, and what became of it: nobody is told twice");
        kept.add(
                providerKeeps
                        ? "what the SMS provider keeps: it cannot be asked to erase"
                        : "what the SMS provider keeps of messages older than " + keep.toDays()
                                + " days, which are not known here any more");
        return kept;
    }
}
