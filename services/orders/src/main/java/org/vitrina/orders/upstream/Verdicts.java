package org.vitrina.orders.upstream;

import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.vitrina.client.Reply;

/** Makes a verdict of whatever comes back. */
final class Verdicts {
    private static final Logger LOG = Logger.getLogger(Verdicts.class);

    private Verdicts() {}

    /** A call that brought nothing decides nothing. */
    static Uni<Verdict> of(Uni<Reply> call, Function<Reply, Verdict> judge) {
        return call.map(reply -> {
                    Verdict verdict = judge.apply(reply);
                    if (!(verdict instanceof Verdict.Done)) {
                        LOG.debugf("answered %d: %s", reply.status(), verdict);
                    }
                    return verdict;
                })
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.debugf("no answer: %s", failure.getMessage());
                    return Verdict.UNKNOWN;
                });
    }

    /** Of a DELETE that has to be done sooner or later: a refusal makes no difference. */
    static Verdict undone(Reply reply) {
        return reply.status() == 204 || reply.status() == 200 ? Verdict.DONE : Verdict.UNKNOWN;
    }
}
