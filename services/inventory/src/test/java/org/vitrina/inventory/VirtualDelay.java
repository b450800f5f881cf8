package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Pauses on a clock that only the test moves. */
final class VirtualDelay implements Delay {
    private record Running(Duration end, UniEmitter<? super Void> over) {}

    private final List<Running> running = new ArrayList<>();
    private Duration now = Duration.ZERO;

    @Override
    public Uni<Void> pause(Duration length) {
        return Uni.createFrom().emitter(over -> {
            var pause = new Running(now.plus(length), over);
            running.add(pause);
            over.onTermination(() -> running.remove(pause));
        });
    }

    /** The ends of the pauses that run, earliest first. */
    List<Duration> ends() {
        return running.stream().map(Running::end).sorted().toList();
    }

    void advance(Duration length) {
        now = now.plus(length);
        var due = running.stream()
                .filter(pause -> pause.end().compareTo(now) <= 0)
                .sorted(Comparator.comparing(Running::end))
                .toList();
        running.removeAll(due);
        due.forEach(pause -> pause.over().complete(null));
    }
}
