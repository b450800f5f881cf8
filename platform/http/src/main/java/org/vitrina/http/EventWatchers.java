package org.vitrina.http;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Vertx;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.Draining;

/**
 * Server-sent events of what changes in a database. The database is the source, so that it does not matter which replica does
 * the change; one look is for all that is watched, however many watch. What is told is numbered, from 1 on, and the number is
 * the event's id: who comes back with it is told what came after.
 *
 * @param <K> what is watched
 * @param <S> a numbered state of it
 */
public final class EventWatchers<K, S> {
    private static final Logger LOG = Logger.getLogger(EventWatchers.class);

    /** When a reader whose stream we end should come back. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private static final int LONGEST_NUMBER = 18;

    /**
     * Where the states are.
     *
     * @param <K> what is watched
     * @param <S> a numbered state of it
     */
    public interface Source<K, S> {
        /**
         * For each that is watched some of the states that follow a number, least first; others do no harm.
         *
         * @param known the lowest number that a watcher has of each
         */
        Uni<List<S>> after(Map<K, Long> known);

        K watched(S state);

        long number(S state);

        /** Name and data of its event; the id is set here. */
        OutboundSseEvent.Builder event(S state, Sse sse);
    }

    private final Source<K, S> source;
    private final Draining draining;
    private final Vertx vertx;
    private final long poll;
    private final long heartbeat;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean polling = new AtomicBoolean();

    public EventWatchers(Source<K, S> source, Draining draining, Vertx vertx, EventStreamConfig config) {
        this.source = source;
        this.draining = draining;
        this.vertx = vertx;
        this.poll = config.poll().toMillis();
        this.heartbeat = config.heartbeat().toMillis();
    }

    /**
     * The states from now on, until the reader leaves or the process drains.
     *
     * @param present what is known of it already; told first where the reader has not got it
     * @param last id of the last event that the reader has; null, or no number of ours: none
     */
    public Multi<OutboundSseEvent> stream(K watched, List<S> present, @Nullable String last, Sse sse) {
        // nothing is emitted that the reader has not asked for, but for the first and the last
        return Multi.createFrom()
                .emitter(stream -> open(watched, present, last, sse, stream), BackPressureStrategy.BUFFER);
    }

    private void open(
            K watched, List<S> present, @Nullable String last, Sse sse, MultiEmitter<? super OutboundSseEvent> stream) {
        var watcher = new Watcher(watched, number(last, present), sse, stream);
        stream.onRequest(more -> watcher.drain());
        if (!watcher.tell(present)) {
            // the head of the answer leaves with the first event
            stream.emit(sse.newEventBuilder().comment("alive").build());
        }
        watchers.add(watcher);
        long beats = vertx.setPeriodic(heartbeat, fired -> watcher.alive());
        var ending = draining.whenBegun().subscribe().with(begun -> {
            stream.emit(sse.newEventBuilder()
                    .reconnectDelay(RECONNECT.toMillis())
                    .comment("ending")
                    .build());
            stream.complete();
        });
        stream.onTermination(() -> {
            watchers.remove(watcher);
            vertx.cancelTimer(beats);
            ending.cancel();
        });
        startPolling();
    }

    /** A number beyond the present one is of another database, or invented: told anew from the beginning. */
    private long number(@Nullable String last, List<S> present) {
        String text = last == null ? "" : last.strip();
        long known = text.matches("[0-9]{1," + LONGEST_NUMBER + "}") ? Long.parseLong(text) : 0;
        return present.isEmpty() || known <= source.number(present.getLast()) ? known : 0;
    }

    private void startPolling() {
        if (polling.compareAndSet(false, true)) {
            vertx.setTimer(poll, fired -> look());
        }
    }

    private void look() {
        if (watchers.isEmpty()) {
            polling.set(false);
            // one may have come between the two lines
            if (!watchers.isEmpty()) {
                startPolling();
            }
            return;
        }
        Map<K, Long> known = new HashMap<>();
        watchers.forEach(watcher -> watcher.ask(known));
        Uni<List<S>> found = known.isEmpty() ? Uni.createFrom().item(List.of()) : source.after(known);
        var unused = found.subscribe()
                .with(
                        states -> {
                            tell(states);
                            vertx.setTimer(poll, fired -> look());
                        },
                        failure -> {
                            LOG.debugf(failure, "what is watched cannot be looked at");
                            vertx.setTimer(poll, fired -> look());
                        });
    }

    private void tell(Collection<S> states) {
        Map<K, List<S>> byWatched = new HashMap<>();
        for (S state : states) {
            byWatched
                    .computeIfAbsent(source.watched(state), first -> new ArrayList<>())
                    .add(state);
        }
        for (Watcher watcher : watchers) {
            watcher.answered(byWatched.getOrDefault(watcher.watched, List.of()));
        }
    }

    /** One open stream. Who looks is one at a time; who takes comes by whenever it likes. */
    private final class Watcher {
        private final K watched;
        private final Sse sse;
        private final MultiEmitter<? super OutboundSseEvent> stream;
        /** Until they are taken nothing more is asked for: a slow reader costs us one look's states. */
        private final Queue<S> due = new ConcurrentLinkedQueue<>();

        private final AtomicInteger drains = new AtomicInteger();
        private volatile long known;
        /** Whether the present look is for it: what follows on another stream's number may leave out what follows on its own. */
        private volatile boolean asked;

        Watcher(K watched, long known, Sse sse, MultiEmitter<? super OutboundSseEvent> stream) {
            this.watched = watched;
            this.known = known;
            this.sse = sse;
            this.stream = stream;
        }

        void ask(Map<K, Long> all) {
            asked = due.isEmpty();
            if (asked) {
                all.merge(watched, known, Math::min);
            }
        }

        void answered(List<S> states) {
            if (asked) {
                tell(states);
            }
        }

        /** Whether any of the states was news. */
        boolean tell(List<S> states) {
            boolean news = false;
            for (S state : states) {
                if (source.number(state) > known) {
                    known = source.number(state);
                    due.add(state);
                    news = true;
                }
            }
            drain();
            return news;
        }

        /** Emits in order: who comes while another emits leaves it to him. */
        void drain() {
            if (drains.getAndIncrement() != 0) {
                return;
            }
            int seen = 1;
            while (seen != 0) {
                while (stream.requested() > 0 && !due.isEmpty()) {
                    S state = due.remove();
                    stream.emit(source.event(state, sse)
                            .id(Long.toString(source.number(state)))
                            .build());
                }
                seen = drains.addAndGet(-seen);
            }
        }

        void alive() {
            // never in place of a state that the reader has not taken yet
            if (due.isEmpty() && stream.requested() > 0) {
                stream.emit(sse.newEventBuilder().comment("alive").build());
            }
        }
    }
}
