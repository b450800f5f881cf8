package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins the pieces of a page that are there in one turn of the event loop: what came from copies is one write instead of
 * eight, and what has to be waited for still comes piece by piece.
 */
final class Turns {
    private Turns() {}

    static <T> Multi<List<T>> joined(Multi<T> pieces) {
        return Multi.createFrom().deferred(() -> {
            @Nullable Context context = Vertx.currentContext();
            return joined(pieces, context == null ? Runnable::run : turn -> context.runOnContext(none -> turn.run()));
        });
    }

    /** @param turn runs what it is given once the present turn is over */
    static <T> Multi<List<T>> joined(Multi<T> pieces, Executor turn) {
        // a page's parts are in memory in any case: they are asked for at once, however slowly the caller reads
        return Multi.createFrom().emitter(emitter -> {
            var waiting = new Waiting<T>();
            emitter.onTermination(pieces.subscribe()
                    .with(
                            piece -> {
                                if (waiting.add(piece)) {
                                    turn.execute(() -> waiting.giveTo(emitter::emit));
                                }
                            },
                            emitter::fail,
                            // after the turn that hands on the last piece
                            () -> turn.execute(emitter::complete))::cancel);
        });
    }

    /** What has not been handed on yet: added wherever a part comes from, given in the page's own turns only. */
    private static final class Waiting<T> {
        private final Queue<T> pieces = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean due = new AtomicBoolean();

        /** Whether a turn must be asked for. */
        boolean add(T piece) {
            pieces.add(piece);
            return due.compareAndSet(false, true);
        }

        void giveTo(Consumer<List<T>> taker) {
            due.set(false);
            List<T> all = new ArrayList<>();
            for (T piece = pieces.poll(); piece != null; piece = pieces.poll()) {
                all.add(piece);
            }
            if (!all.isEmpty()) {
                taker.accept(all);
            }
        }
    }
}
