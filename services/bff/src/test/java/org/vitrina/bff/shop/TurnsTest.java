package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.nio.charset.StandardCharsets;
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
    private MultiEmitter<? super byte[]> source;

    private final AtomicBoolean cancelled = new AtomicBoolean();

    private final Multi<byte[]> joined = Turns.joined(
            Multi.createFrom().<byte[]>emitter(emitter -> {
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
            source.emit(piece.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void endTurn() {
        for (Runnable each = turns.poll(); each != null; each = turns.poll()) {
            each.run();
        }
    }

    private void sent(byte[] piece) {
        sent(new String(piece, StandardCharsets.UTF_8));
    }

    private void sent(String what) {
        sent.add(what);
    }
}
