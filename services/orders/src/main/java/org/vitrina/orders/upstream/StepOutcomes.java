package org.vitrina.orders.upstream;

import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.vitrina.client.Reply;

/** Makes an outcome of whatever comes back. */
final class StepOutcomes {
    private static final Logger LOG = Logger.getLogger(StepOutcomes.class);

    private StepOutcomes() {}

    /** A call that brought nothing decides nothing. */
    static Uni<StepOutcome> of(Uni<Reply> call, Function<Reply, StepOutcome> judge) {
        return call.map(reply -> {
                    StepOutcome outcome = judge.apply(reply);
                    if (!(outcome instanceof StepOutcome.Done)) {
                        LOG.debugf("answered %d: %s", reply.status(), outcome);
                    }
                    return outcome;
                })
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.debugf("no answer: %s", failure.getMessage());
                    return StepOutcome.UNKNOWN;
                });
    }

    /** Of a DELETE that has to be done sooner or later: a refusal makes no difference. */
    static StepOutcome undone(Reply reply) {
        return reply.status() == 204 || reply.status() == 200 ? StepOutcome.DONE : StepOutcome.UNKNOWN;
    }
}
