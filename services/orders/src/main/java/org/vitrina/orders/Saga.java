package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.vitrina.client.CallScope;
import org.vitrina.core.CrashPoint;
import org.vitrina.core.Deadline;
import org.vitrina.identity.ServiceTokens;
import org.vitrina.orders.upstream.InventoryClient;
import org.vitrina.orders.upstream.RejectionReason;
import org.vitrina.orders.upstream.ReservationItem;
import org.vitrina.orders.upstream.StepOutcome;
import org.vitrina.orders.upstream.WalletClient;

/**
 * Leads an order from the step at which it stands as far as it gets: debit and reservation, then confirmed and the
 * reservation made final, or both given back.
 *
 * <p>Each step is written down before the next begins, and everything asked of others is idempotent by the order's id; so
 * a step may be done again by anybody, and two may be at the same one. What does not get on is left: the {@link Sweeper}
 * takes it when it is due.
 */
@ApplicationScoped
class Saga {
    private static final Logger LOG = Logger.getLogger(Saga.class);

    private final ServiceTokens tokens;
    private final OrderRepository orders;
    private final WalletClient wallet;
    private final InventoryClient inventory;
    private final CompletedOrders completed;
    private final Vertx vertx;
    private final SagaMeters meters;
    private final Duration callLimit;
    private final long firstPause;
    private final long longestPause;

    Saga(
            OrderRepository orders,
            WalletClient wallet,
            InventoryClient inventory,
            CompletedOrders completed,
            Vertx vertx,
            SagaMeters meters,
            ServiceTokens tokens,
            OrdersConfig config) {
        this.tokens = tokens;
        this.orders = orders;
        this.wallet = wallet;
        this.inventory = inventory;
        this.completed = completed;
        this.vertx = vertx;
        this.meters = meters;
        Duration longer = config.wallet().timeout().compareTo(config.inventory().timeout()) > 0
                ? config.wallet().timeout()
                : config.inventory().timeout();
        this.callLimit = longer.plusMillis(200);
        this.firstPause = config.saga().firstPause().toMillis();
        this.longestPause = config.saga().longestPause().toMillis();
    }

    /** How far an order got. */
    sealed interface Result {
        Result LEFT = new Left();

        /** Debit and reservation stand. */
        record Confirmed(long version) implements Result {}

        /** Both are given back. */
        record Undone(Status status, RejectionReason why, String about, long version) implements Result {}

        /** Not on, for now; or somebody else leads it. */
        record Left() implements Result {}
    }

    /** Never fails. The reservation of a confirmed order is made final after the result is out. */
    Uni<Result> lead(Order order, CallScope.Carried carried) {
        Uni<Result> way =
                switch (order.step()) {
                    case CHARGE ->
                        order.overdue()
                                ? refuse(order, RejectionReason.NOT_IN_TIME, "", carried)
                                : charge(order, carried);
                    case COMPENSATE -> compensate(order, carried);
                    case COMMIT -> commit(order, carried);
                    case NONE -> Uni.createFrom().item(Result.LEFT);
                };
        return way.onFailure().recoverWithItem(failure -> {
            // the lease ends, then somebody tries again
            LOG.debugf(failure, "order %s is left at %s", order.id(), order.step());
            return Result.LEFT;
        });
    }

    private Uni<Result> charge(Order order, CallScope.Carried carried) {
        CallScope scope = scope(carried);
        CrashPoint.reached("orders.before-charge");
        // Nothing to pay needs no debit; to undo it does no harm.
        Uni<StepOutcome> debit = order.total().amount().signum() == 0
                ? Uni.createFrom().item(StepOutcome.DONE)
                : wallet.debit(scope, order.userId(), order.id(), order.total());
        return both(
                        Step.CHARGE,
                        debit.invoke(() -> CrashPoint.reached("orders.after-debit")),
                        inventory
                                .reserve(scope, order.id(), parts(order))
                                .invoke(() -> CrashPoint.reached("orders.after-reservation")))
                .chain(outcomes -> {
                    for (StepOutcome outcome : outcomes) {
                        if (outcome instanceof StepOutcome.Refused(RejectionReason why, String about)) {
                            return refuse(order, why, about, carried);
                        }
                    }
                    return outcomes.stream().allMatch(StepOutcome.Done.class::isInstance)
                            ? confirm(order, carried)
                            : leave(order, Step.CHARGE);
                });
    }

    private Uni<Result> confirm(Order order, CallScope.Carried carried) {
        CrashPoint.reached("orders.before-confirm");
        return orders.move(order.id(), Step.CHARGE, Step.COMMIT, Status.CONFIRMED, null, null)
                .map(moved -> {
                    CrashPoint.reached("orders.after-confirm");
                    if (moved.isEmpty()) {
                        return Result.LEFT;
                    }
                    meters.confirmed(order);
                    var unused = commit(order, carried)
                            .subscribe()
                            .with(
                                    done -> {},
                                    failure -> LOG.debugf(failure, "order %s is left to be committed", order.id()));
                    return new Result.Confirmed(moved.orElseThrow().version());
                });
    }

    private Uni<Result> commit(Order order, CallScope.Carried carried) {
        CrashPoint.reached("orders.before-commit");
        return meters.step(Step.COMMIT, inventory.commit(scope(carried), order.id()))
                .chain(outcome -> {
                    CrashPoint.reached("orders.after-commit");
                    return switch (outcome) {
                        case StepOutcome.Done() -> {
                            completed.made(order.id());
                            yield Uni.createFrom().item(Result.LEFT);
                        }
                        case StepOutcome.Refused(RejectionReason why, String about) ->
                            undo(order, Step.COMMIT, Status.CANCELLING, why, about, carried);
                        case StepOutcome.Unknown() -> leave(order, Step.COMMIT);
                    };
                });
    }

    private Uni<Result> refuse(Order order, RejectionReason why, String about, CallScope.Carried carried) {
        return undo(order, Step.CHARGE, Status.PENDING, why, about, carried);
    }

    private Uni<Result> undo(
            Order order, Step from, Status meanwhile, RejectionReason why, String about, CallScope.Carried carried) {
        CrashPoint.reached("orders.before-refusal");
        return orders.move(order.id(), from, Step.COMPENSATE, meanwhile, why, about)
                .chain(moved -> {
                    CrashPoint.reached("orders.after-refusal");
                    return moved.isEmpty()
                            ? Uni.createFrom().item(Result.LEFT)
                            : compensate(order, why, about, carried);
                });
    }

    /** Both services remember the order, so that a debit or reservation still on its way comes to nothing. */
    private Uni<Result> compensate(Order order, CallScope.Carried carried) {
        return compensate(
                order,
                order.reason() == null ? RejectionReason.NOT_POSSIBLE : RejectionReason.of(order.reason()),
                order.about(),
                carried);
    }

    private Uni<Result> compensate(Order order, RejectionReason why, String about, CallScope.Carried carried) {
        CallScope scope = scope(carried);
        CrashPoint.reached("orders.before-compensation");
        return both(
                        Step.COMPENSATE,
                        wallet.refund(scope, order.userId(), order.id())
                                .invoke(() -> CrashPoint.reached("orders.after-refund")),
                        inventory.release(scope, order.id()).invoke(() -> CrashPoint.reached("orders.after-release")))
                .chain(outcomes -> {
                    if (!outcomes.stream().allMatch(StepOutcome.Done.class::isInstance)) {
                        return leave(order, Step.COMPENSATE);
                    }
                    CrashPoint.reached("orders.before-end");
                    return orders.move(order.id(), Step.COMPENSATE, Step.NONE, null, null, null)
                            .map(moved -> {
                                CrashPoint.reached("orders.after-end");
                                if (moved.isEmpty()) {
                                    return Result.LEFT;
                                }
                                OrderRepository.Moved end = moved.orElseThrow();
                                if (end.status() == Status.REJECTED) {
                                    meters.rejected(order, why.slug());
                                } else {
                                    meters.cancelled();
                                }
                                return new Result.Undone(end.status(), why, about, end.version());
                            });
                });
    }

    /** Until it has rested, longer after each try. */
    private Uni<Result> leave(Order order, Step step) {
        long pause = Math.min(longestPause, firstPause << Math.min(20, order.attempts()));
        long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
        CrashPoint.reached("orders.before-rest");
        return orders.postpone(order.id(), step, Duration.ofMillis(jittered)).replaceWith(Result.LEFT);
    }

    private CallScope scope(CallScope.Carried carried) {
        return CallScope.until(vertx, Deadline.in(callLimit), false, carried.by(tokens.authorization()));
    }

    private Uni<List<StepOutcome>> both(Step step, Uni<StepOutcome> one, Uni<StepOutcome> other) {
        return meters.step(step, Uni.join().all(one, other).andFailFast());
    }

    private static List<ReservationItem> parts(Order order) {
        return order.lines().stream()
                .map(line -> new ReservationItem(line.id(), line.quantity()))
                .toList();
    }
}
