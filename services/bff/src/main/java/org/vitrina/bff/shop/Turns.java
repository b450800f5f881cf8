package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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

    static Multi<byte[]> joined(Multi<byte[]> pieces) {
        return Multi.createFrom().deferred(() -> {
            @Nullable Context context = Vertx.currentContext();
            return joined(pieces, context == null ? Runnable::run : turn -> context.runOnContext(none -> turn.run()));
        });
    }

    /** @param turn runs what it is given once the present turn is over */
    static Multi<byte[]> joined(Multi<byte[]> pieces, Executor turn) {
        // a page's parts are in memory in any case: they are asked for at once, however slowly the caller reads
        return Multi.createFrom().emitter(emitter -> {
            var waiting = new Waiting();
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
    private static final class Waiting {
        private final Queue<byte[]> pieces = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean due = new AtomicBoolean();

        /** Whether a turn must be asked for. */
        boolean add(byte[] piece) {
            pieces.add(piece);
            return due.compareAndSet(false, true);
        }

        void giveTo(Consumer<byte[]> taker) {
            due.set(false);
            Buffer all = Buffer.buffer();
            for (byte[] piece = pieces.poll(); piece != null; piece = pieces.poll()) {
                all.appendBytes(piece);
            }
            if (all.length() > 0) {
                taker.accept(all.getBytes());
            }
        }
    }
}
