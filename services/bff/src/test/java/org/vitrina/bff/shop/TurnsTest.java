package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // by the subscription
    private MultiEmitter<? super String> source;

    private final AtomicBoolean cancelled = new AtomicBoolean();

    private final Multi<List<String>> joined = Turns.joined(
            Multi.createFrom().<String>emitter(emitter -> {
                source = emitter;
                emitter.onTermination(() -> cancelled.set(true));
            }),
            turns::add);

    @Test
    void whatComesInOneTurnIsOnePiece() {
        joined.subscribe().with(this::sent, failure -> sent("failed"), () -> sent("end"));
        emit("frame, ", "cards, ", "stock");

        assertThat(sent).isEmpty();
        endTurn();
        assertThat(sent).containsExactly("frame, cards, stock");

        emit("late");
        endTurn();
        source.complete();
        endTurn();
        assertThat(sent).containsExactly("frame, cards, stock", "late", "end");
    }

    @Test
    void theLastPieceComesBeforeTheEndInTheSameTurn() {
        joined.subscribe().with(this::sent, failure -> sent("failed"), () -> sent("end"));
        emit("all");
        source.complete();
        endTurn();

        assertThat(sent).containsExactly("all", "end");
    }

    @Test
    void aCallerThatLeavesEndsTheWork() {
        joined.subscribe().with(this::sent).cancel();

        assertThat(cancelled).isTrue();
    }

    private void emit(String... pieces) {
        for (String piece : pieces) {
            source.emit(piece);
        }
    }

    private void endTurn() {
        for (Runnable each = turns.poll(); each != null; each = turns.poll()) {
            each.run();
        }
    }

    private void sent(List<String> pieces) {
        sent(String.join("", pieces));
    }

    private void sent(String what) {
        sent.add(what);
    }
}
