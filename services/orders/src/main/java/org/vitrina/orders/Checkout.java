package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;
import org.vitrina.core.CrashPoint;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.Money;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.orders.OrderRepository.Accepted;
import org.vitrina.orders.OrderRepository.Found;
import org.vitrina.orders.OrderRepository.Standing;
import org.vitrina.persistence.LostAnswer;
import org.vitrina.persistence.Shielded;
import org.vitrina.persistence.idempotency.Fingerprint;
import org.vitrina.persistence.idempotency.InFlightRequests;
import org.vitrina.persistence.idempotency.KeyProblems;
import org.vitrina.runtime.WorkDeadline;

/**
 * Places orders. What is checked, in this order: the key, {@code If-Match}, the prices; then the order is accepted, which is
 * the one moment from which on it exists, and led on.
 */
@ApplicationScoped
class Checkout {
    static final ErrorCode PRICE_CHANGED = new ErrorCode("price-changed", 409, false, "A price has changed");
    static final ErrorCode UNKNOWN_PRODUCT = new ErrorCode("unknown-product", 409, false, "Unknown product");
    static final ErrorCode PRODUCTS_AWAY = new ErrorCode("products-unavailable", 503, true, "Prices are unavailable");

    static final ErrorCode OUTCOME_UNKNOWN = new ErrorCode("outcome-unknown", 504, true, "Outcome unknown");

    /** Kept of the time left, when the prices come too late, for saying so. */
    private static final Duration PRICES_RESERVE = Duration.ofMillis(60);

    private final OrderRepository orders;
    private final PriceReads prices;
    private final Saga saga;
    private final InFlightRequests inFlight;
    private final Vertx vertx;
    private final boolean requireIfMatch;
    private final Duration answerReserve;
    private final Duration usualAnswer;
    private final Clock clock;

    Checkout(
            OrderRepository orders,
            PriceReads prices,
            Saga saga,
            InFlightRequests inFlight,
            Vertx vertx,
            Clock clock,
            OrdersConfig config) {
        this.orders = orders;
        this.prices = prices;
        this.saga = saga;
        this.inFlight = inFlight;
        this.vertx = vertx;
        this.clock = clock;
        this.requireIfMatch = config.requireIfMatch();
        this.answerReserve = config.answerReserve();
        this.usualAnswer = config.products().hedgeAfter();
    }

    /**
     * What one buyer asks for.
     *
     * @param fingerprint of {@code wanted}
     * @param ifMatch null where the caller sent none
     * @param deadline of the answer
     */
    record OrderDraft(
            int userId,
            IdempotencyKey key,
            NewOrder wanted,
            Fingerprint fingerprint,
            @Nullable String ifMatch,
            Deadline deadline,
            CallScope.Carried carried) {}

    Uni<OrderAnswer> place(OrderDraft draft) {
        return orders.standing(draft.userId(), draft.key()).chain(standing -> {
            if (standing.print() != null) {
                return again(draft, standing);
            }
            Long expected = standing.tag().expected(draft.ifMatch(), requireIfMatch);
            return prices(draft)
                    .chain(problem -> problem.isPresent()
                            ? unlessPlacedMeanwhile(draft, problem.orElseThrow())
                            : accept(draft, expected));
        });
    }

    /** What is wrong with the prices, if anything. */
    private Uni<Optional<ProblemException>> prices(OrderDraft draft) {
        Duration left = draft.deadline().remaining().minus(PRICES_RESERVE);
        return prices.prices(draft.wanted().productIds(), Deadline.in(left), draft.carried())
                .map(present -> compare(draft.wanted(), present))
                .onFailure(CallFailure.class)
                .recoverWithItem(failure -> Optional.of(withoutPrices(failure, left)));
    }

    /** @param left the time that there was for asking */
    private ProblemException withoutPrices(CallFailure failure, Duration left) {
        if (failure.reason() == Reason.TIMEOUT && left.compareTo(usualAnswer) < 0) {
            return WorkDeadline.late(); // too short a deadline for a products service in good health too
        }
        return new ProblemException(
                        PRODUCTS_AWAY, "The products service does not tell the prices at the moment; try again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Optional<ProblemException> compare(NewOrder wanted, Map<Integer, Money> prices) {
        List<Integer> unknown = new ArrayList<>();
        List<Map<String, Object>> changed = new ArrayList<>();
        for (Line line : wanted.lines()) {
            Money price = prices.get(line.id());
            if (price == null) {
                unknown.add(line.id());
            } else if (!price.equals(line.price())) {
                changed.add(Map.of("id", line.id(), "price", price));
            }
        }
        if (!unknown.isEmpty()) {
            return Optional.of(new ProblemException(
                    UNKNOWN_PRODUCT,
                    "There is no product " + unknown.getFirst() + " any more.",
                    Map.of("product_ids", unknown),
                    Map.of()));
        }
        if (!changed.isEmpty()) {
            return Optional.of(new ProblemException(
                    PRICE_CHANGED,
                    "A price is not what it was: products names each with its present price.",
                    Map.of("products", changed),
                    Map.of()));
        }
        return Optional.empty();
    }

    /** A request with the same key may have been accepted while this one asked for the prices. */
    private Uni<OrderAnswer> unlessPlacedMeanwhile(OrderDraft draft, ProblemException problem) {
        return orders.standing(draft.userId(), draft.key())
                .chain(standing ->
                        standing.print() == null ? Uni.createFrom().failure(problem) : again(draft, standing));
    }

    private Uni<OrderAnswer> accept(OrderDraft draft, @Nullable Long expected) {
        Deadline decided = Deadline.in(draft.deadline().remaining().minus(answerReserve));
        CrashPoint.reached("orders.before-accept");
        // The deadline may still end the statement, and so the order; if it is accepted, it goes its way, whether its
        // buyer waits or has left, and no deadline cuts that short.
        return Shielded.of(orders.accept(
                                OrderIds.next(clock),
                                draft.userId(),
                                draft.key().value(),
                                draft.fingerprint(),
                                expected,
                                draft.wanted(),
                                decided.remaining())
                        .onFailure(LostAnswer::is)
                        .transform(lost -> outcomeUnknown())
                        .map(accepted -> switch (accepted) {
                            case Accepted.Done(Order order, long version) -> {
                                WorkDeadline.lift();
                                CrashPoint.reached("orders.after-accept");
                                yield Optional.of(lead(order, version, draft.carried(), decided));
                            }
                            case Accepted.Look() -> Optional.<Uni<OrderAnswer>>empty();
                        }))
                .chain(answer -> answer.isPresent() ? answer.orElseThrow() : place(draft));
    }

    /** It may have been accepted: then the sweeper leads it on. */
    private static ProblemException outcomeUnknown() {
        return new ProblemException(
                        OUTCOME_UNKNOWN,
                        "The database went away while it took the order: repeat with the same key to learn whether it has.")
                .retryAfter(Duration.ofSeconds(1));
    }

    /** Leads the order on, and answers when it is decided or its time is up. */
    private Uni<OrderAnswer> lead(Order order, long version, CallScope.Carried carried, Deadline decided) {
        Uni<Saga.Result> way = saga.lead(order, carried).memoize().indefinitely();
        var unused = way.subscribe().with(result -> {});
        return first(way, decided).chain(result -> {
            if (result.isEmpty()) {
                return Uni.createFrom().item(answer(202, order, version));
            }
            return switch (result.orElseThrow()) {
                case Saga.Result.Confirmed(long now) ->
                    Uni.createFrom().item(answer(201, order.with(Status.CONFIRMED), now));
                case Saga.Result.Undone(Status status, var why, String about, long now)
                when status == Status.REJECTED -> freed(order, Rejections.of(order.id(), why, about, now, false));
                case Saga.Result.Undone undone -> settled(order, version, decided);
                case Saga.Result.Left() -> settled(order, version, decided);
            };
        });
    }

    /** The item, or nothing once the time is up; the work goes on then. */
    private <T> Uni<Optional<T>> first(Uni<T> work, Deadline until) {
        return Uni.createFrom().emitter(emitter -> {
            if (until.passed()) {
                emitter.complete(Optional.empty());
                return;
            }
            long timer = vertx.setTimer(until.remainingMillis() + 1, fired -> emitter.complete(Optional.empty()));
            var unused = work.subscribe()
                    .with(
                            item -> {
                                vertx.cancelTimer(timer);
                                emitter.complete(Optional.of(item));
                            },
                            emitter::fail);
        });
    }

    /** Another process leads it, or it rests: its row tells when it is decided. */
    private Uni<OrderAnswer> settled(Order order, long version, Deadline decided) {
        return inFlight.until(decided, () -> orders.find(order.userId(), order.id())
                        .map(found -> found.order() == null || found.order().status() == Status.PENDING
                                ? Optional.<Found>empty()
                                : Optional.of(found)))
                // it was accepted, and that is what the buyer must hear
                .onFailure()
                .recoverWithItem(Optional.empty())
                .chain(found -> {
                    if (found.isEmpty()) {
                        return Uni.createFrom().item(answer(202, order, version));
                    }
                    Order now = Objects.requireNonNull(found.orElseThrow().order());
                    long present = found.orElseThrow().tag().version();
                    return now.status() == Status.REJECTED
                            ? freed(now, Rejections.of(now, present, false))
                            : Uni.createFrom().item(answer(statusOf(now), now, present));
                });
    }

    /** The buyer is told here and now, so the same key may try again. A key that cannot be freed tells the same again. */
    private Uni<OrderAnswer> freed(Order order, ProblemException problem) {
        CrashPoint.reached("orders.before-free");
        return orders.freeKey(order).onItemOrFailure().transformToUni((freed, failure) -> {
            CrashPoint.reached("orders.after-free");
            return Uni.createFrom().failure(problem);
        });
    }

    /** The key stands for a request: this one again, or another. */
    private Uni<OrderAnswer> again(OrderDraft draft, Standing first) {
        if (!draft.fingerprint().is(Objects.requireNonNull(first.print()).getBytes())) {
            return Uni.createFrom().failure(KeyProblems.keyReused());
        }
        Optional<Uni<OrderAnswer>> known = replay(first);
        if (known.isPresent()) {
            return known.orElseThrow();
        }
        return inFlight.await(draft.deadline(), () -> orders.standing(draft.userId(), draft.key())
                        .map(standing -> standing.print() == null ? Optional.of(place(draft)) : replay(standing)))
                .chain(answer -> answer);
    }

    /** The answer that the first request had, or has by now; nothing while it may still be waiting for it. */
    private static Optional<Uni<OrderAnswer>> replay(Standing standing) {
        Order order = standing.order();
        if (order == null || (order.status() == Status.PENDING && standing.answering())) {
            return Optional.empty();
        }
        long version = standing.tag().version();
        return Optional.of(
                order.status() == Status.REJECTED
                        ? Uni.createFrom().failure(Rejections.of(order, version, true))
                        : Uni.createFrom()
                                .item(new OrderAnswer(statusOf(order), OrderView.of(order), ETags.of(version), true)));
    }

    /** 202 while something is still to come, else 201: there is an order, and its state says which. */
    private static int statusOf(Order order) {
        return order.status() == Status.PENDING || order.status() == Status.CANCELLING ? 202 : 201;
    }

    private static OrderAnswer answer(int status, Order order, long version) {
        return new OrderAnswer(status, OrderView.of(order), ETags.of(version), false);
    }
}
