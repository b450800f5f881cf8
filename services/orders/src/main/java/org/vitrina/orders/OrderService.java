package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.CallScope;
import org.vitrina.core.CrashPoint;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;
import org.vitrina.orders.OrderRepository.Found;
import org.vitrina.orders.OrderRepository.OrdersPage;
import org.vitrina.persistence.idempotency.Fingerprint;
import org.vitrina.persistence.idempotency.InFlightRequests;
import org.vitrina.runtime.WorkDeadline;

/** What a buyer can do with orders. */
@ApplicationScoped
class OrderService {
    private final OrderRepository orders;
    private final Checkout checkout;
    private final Saga saga;
    private final InFlightRequests inFlight;
    private final RequestDeadline deadlines;
    private final RequestIds ids;
    private final boolean requireIfMatch;
    private final Duration answerReserve;

    OrderService(
            OrderRepository orders,
            Checkout checkout,
            Saga saga,
            InFlightRequests inFlight,
            RequestDeadline deadlines,
            RequestIds ids,
            OrdersConfig config) {
        this.orders = orders;
        this.checkout = checkout;
        this.saga = saga;
        this.inFlight = inFlight;
        this.deadlines = deadlines;
        this.ids = ids;
        this.requireIfMatch = config.requireIfMatch();
        this.answerReserve = config.answerReserve();
    }

    /** @param ifMatch null where the caller sent none */
    Uni<OrderAnswer> place(int userId, IdempotencyKey key, NewOrder wanted, @Nullable String ifMatch) {
        Fingerprint fingerprint = wanted.fingerprint();
        return checkout.place(
                new Checkout.OrderDraft(userId, key, wanted, fingerprint, ifMatch, deadlines.current(), carried()));
    }

    Uni<OrdersPage> page(int userId, @Nullable UUID before, int most) {
        return orders.page(userId, before, most).invoke(page -> {
            if (!page.known()) {
                throw new ProblemException(ErrorCode.BAD_REQUEST, "before must be the id of one of your orders.");
            }
        });
    }

    Uni<OrderAnswer> get(int userId, UUID id) {
        return orders.find(userId, id).map(found -> {
            if (found.order() == null) {
                throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such order.");
            }
            return answer(200, found);
        });
    }

    /** @param ifMatch null where the caller sent none */
    Uni<OrderAnswer> cancel(int userId, UUID id, @Nullable String ifMatch) {
        return cancel(
                userId, id, ifMatch, Deadline.in(deadlines.current().remaining().minus(answerReserve)), carried());
    }

    private Uni<OrderAnswer> cancel(
            int userId, UUID id, @Nullable String ifMatch, Deadline decided, CallScope.Carried carried) {
        return orders.find(userId, id).chain(found -> {
            Order order = found.order();
            if (order == null) {
                throw new ProblemException(ErrorCode.BAD_REQUEST, "There is no such order to cancel.");
            }
            if (order.status() != Status.PENDING && order.status() != Status.CONFIRMED) {
                // done before, whatever the caller knew then
                return gone(userId, id, decided);
            }
            Long expected = found.tag().expected(ifMatch, requireIfMatch);
            CrashPoint.reached("orders.before-cancel");
            return begin(order, expected, carried)
                    .chain(begun -> begun
                            ? gone(userId, id, decided)
                            // another look tells what has changed
                            : cancel(userId, id, ifMatch, decided, carried));
        });
    }

    /** True unless the caller's version is another by now. Once it is written, it goes on without the caller. */
    private Uni<Boolean> begin(Order order, @Nullable Long expected, CallScope.Carried carried) {
        return Uni.createFrom().emitter(caller -> {
            var unused = orders.cancel(order.id(), order.userId(), expected)
                    .subscribe()
                    .with(
                            outcome -> {
                                CrashPoint.reached("orders.after-cancel");
                                if (outcome == OrderRepository.Cancel.BEGUN) {
                                    WorkDeadline.lift();
                                    var unusedWay = saga.lead(order.cancelling(), carried)
                                            .subscribe()
                                            .with(result -> {});
                                }
                                caller.complete(outcome != OrderRepository.Cancel.CHANGED);
                            },
                            caller::fail);
        });
    }

    /** 200 once money and stock are back, 202 when that takes longer. */
    private Uni<OrderAnswer> gone(int userId, UUID id, Deadline decided) {
        return inFlight.until(decided, () -> orders.find(userId, id)
                        .map(found ->
                                order(found).status() == Status.CANCELLING ? Optional.empty() : Optional.of(found)))
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().item(answer(200, found.orElseThrow()))
                        : orders.find(userId, id).map(last -> answer(202, last)));
    }

    private static OrderAnswer answer(int status, Found found) {
        Order order = order(found);
        int told = status == 202 && order.status() != Status.CANCELLING ? 200 : status;
        return new OrderAnswer(told, OrderView.of(order), found.tag().etag(), false);
    }

    private static Order order(Found found) {
        return Objects.requireNonNull(found.order());
    }

    private CallScope.Carried carried() {
        return new CallScope.Carried(ids.requestId(), ids.traceparent());
    }
}
