package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.ServiceTokens;
import org.vitrina.orders.upstream.NotificationsClient;

/** Tells an operator of one order: what is on record here, and what became of its messages. */
@ApplicationScoped
class OrderHistories {
    private final ServiceTokens tokens;
    private final OrderHistoryRepository repository;
    private final NotificationsClient notifications;
    private final Vertx vertx;
    private final Duration callLimit;

    OrderHistories(
            OrderHistoryRepository repository,
            NotificationsClient notifications,
            Vertx vertx,
            ServiceTokens tokens,
            OrdersConfig config) {
        this.tokens = tokens;
        this.repository = repository;
        this.notifications = notifications;
        this.vertx = vertx;
        this.callLimit = config.notifications().timeout();
    }

    /** Whatever notifications does, what is known here is told. */
    Uni<OrderHistory> of(UUID id) {
        return repository
                .find(id)
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "There is no order " + id + ".")))
                .chain(history -> notifications
                        .messages(
                                CallScope.until(
                                        vertx,
                                        Deadline.in(callLimit),
                                        false,
                                        CallScope.Carried.NONE.by(tokens.authorization())),
                                id)
                        .map(history::with)
                        .onFailure(CallFailure.class)
                        .recoverWithItem(
                                failure -> history.without(failure.reason().text())));
    }
}
