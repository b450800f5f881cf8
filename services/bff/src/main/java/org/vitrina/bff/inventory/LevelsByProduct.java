package org.vitrina.bff.inventory;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.UpstreamProblems;
import org.vitrina.cache.PartialLoadException;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;

/**
 * The levels of one page with one call a product, all at once as far as there are connections. What has no connection yet
 * waits here as an id, page after page, and not as a call: under overload 64 pages of 100 products would be 6400 calls
 * whose state the garbage collector copies again and again.
 */
final class LevelsByProduct {
    private final InventoryClient client;
    private final Line line;
    private final CallScope scope;
    private final List<String> ids;
    private final UniEmitter<? super Map<String, Integer>> emitter;
    private final @Nullable Context context = Vertx.currentContext();
    private final Thread owner = Thread.currentThread();
    private final Map<String, Integer> known;
    private final Set<String> unanswered = new HashSet<>();
    private final Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
    private @Nullable Cancellable end;
    private int next;
    private int waits;
    private int open;

    LevelsByProduct(
            InventoryClient client,
            Line line,
            CallScope scope,
            List<String> ids,
            UniEmitter<? super Map<String, Integer>> emitter) {
        this.client = client;
        this.line = line;
        this.scope = scope;
        this.ids = ids;
        this.emitter = emitter;
        this.known = HashMap.newHashMap(ids.size());
        this.open = ids.size();
    }

    /** Completes the emitter with the levels, or fails it with those that came. */
    void start() {
        if (line.isEmpty()) {
            ask();
        }
        if (next < ids.size()) {
            if (!line.join(this)) {
                failRest(new CallFailure.Uncounted(Reason.OVERLOADED, "too many calls wait for a connection"));
                return;
            }
            // Calls under way end with the scope by themselves; what waits has to be told.
            end = scope.run(Uni.createFrom().nothing()).subscribe().with(never -> {}, why -> atHome(() -> ended(why)));
        }
    }

    /** Asks while there are places; on the event loop that serves the page. */
    private void ask() {
        while (next < ids.size() && line.take()) {
            String id = ids.get(next++);
            var unused = client.level(scope, id)
                    .onTermination()
                    .invoke(line::giveBack)
                    .subscribe()
                    .with(level -> atHome(() -> came(id, level)), failure -> atHome(() -> failed(id, failure)));
        }
    }

    /** It is this page's turn: the one that gave a place back may serve another page on another event loop. */
    private void resume() {
        if (context == null) {
            proceed();
        } else {
            context.runOnContext(turn -> proceed());
        }
    }

    /** The scope may be another event loop's, where the load is shared. */
    private void atHome(Runnable step) {
        if (context == null || Thread.currentThread() == owner) {
            step.run();
        } else {
            context.runOnContext(there -> step.run());
        }
    }

    private void proceed() {
        ask();
        if (next >= ids.size()) {
            line.leave(this);
        }
    }

    private void ended(Throwable why) {
        line.leave(this);
        failRest(why);
    }

    private void failRest(Throwable why) {
        while (next < ids.size()) {
            failed(ids.get(next++), why);
        }
    }

    private void came(String id, @Nullable Integer level) {
        if (level != null) {
            known.put(id, level);
        }
        done();
    }

    private void failed(String id, Throwable failure) {
        unanswered.add(id);
        reasons.merge(UpstreamProblems.reason(failure), 1, Integer::sum);
        done();
    }

    private void done() {
        if (--open > 0) {
            return;
        }
        if (end != null) {
            end.cancel();
        }
        if (unanswered.isEmpty()) {
            emitter.complete(known);
            return;
        }
        Reason reason = Collections.max(reasons.entrySet(), Map.Entry.comparingByValue())
                .getKey();
        emitter.fail(new PartialLoadException(
                known, unanswered, new CallFailure.Uncounted(reason, "inventory: " + reason.text())));
    }

    /** Pages that wait for a connection, first come, first served, over all event loops. */
    static final class Line {
        private final AtomicInteger free;
        private final AtomicInteger room;
        private final Queue<LevelsByProduct> waiting = new ConcurrentLinkedQueue<>();

        /**
         * @param places calls under way at once
         * @param room calls that may wait beyond
         */
        Line(int places, int room) {
            this.free = new AtomicInteger(places);
            this.room = new AtomicInteger(room);
        }

        boolean isEmpty() {
            return waiting.isEmpty();
        }

        private boolean take() {
            int now = free.get();
            while (now > 0 && !free.compareAndSet(now, now - 1)) {
                now = free.get();
            }
            return now > 0;
        }

        private void giveBack() {
            free.incrementAndGet();
            wakeFirst();
        }

        /** False when there is no room for what the page has left to ask. */
        private boolean join(LevelsByProduct page) {
            page.waits = page.ids.size() - page.next;
            if (room.addAndGet(-page.waits) < 0) {
                room.addAndGet(page.waits);
                return false;
            }
            waiting.add(page);
            // a place may have been given back while nobody waited
            wakeFirst();
            return true;
        }

        private void leave(LevelsByProduct page) {
            if (waiting.remove(page)) {
                room.addAndGet(page.waits);
                wakeFirst();
            }
        }

        private void wakeFirst() {
            LevelsByProduct first = waiting.peek();
            if (first != null && free.get() > 0) {
                first.resume();
            }
        }
    }
}
