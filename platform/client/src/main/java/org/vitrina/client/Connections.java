package org.vitrina.client;

import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientInternal;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.vitrina.core.Jitter;

/**
 * The connections of one event loop to one dependency. They take turns, the one that is idle longest first, and none grows
 * older than its age: what balances connections, as a Kubernetes Service does, balances requests only then.
 *
 * <p>Not Vert.x' pool (4.5), which asks the same connection again and again, knows no age, and hands connections from one
 * event loop to another. A connection is used by its own event loop only, to which everything here is confined.
 */
final class Connections {
    private final HttpClientInternal http;
    private final SocketAddress server;
    private final Bounds bounds;
    private final EventLoop loop;
    /** Of no request, so that a connection holds on to none. */
    private final ContextInternal home;

    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Caller> callers = new ArrayDeque<>();
    private int open;
    private int opening;
    private volatile boolean closed;

    /**
     * @param least as many connections take turns, also where fewer would do
     * @param most connections open at once
     * @param mostWaiting callers that may wait while as many are open
     * @param age after which a connection is closed, give or take a fifth
     */
    record Bounds(int least, int most, int mostWaiting, Duration age) {
        /** The part of one of so many event loops. */
        Bounds share(int loops) {
            int ownMost = Math.max(1, most / loops);
            int ownWaiting = mostWaiting == 0 ? 0 : Math.max(1, mostWaiting / loops);
            return new Bounds(Math.min(ownMost, Math.ceilDiv(least, loops)), ownMost, ownWaiting, age);
        }
    }

    /** Who is given a connection, or told why not, in its own context. */
    interface Caller {
        ContextInternal context();

        /** It is {@link #giveBack given back} after an answer, or {@link #discard discarded}. */
        void connected(Connection connection);

        void failed(Throwable cause);
    }

    /** A connection; it serves one call at a time. */
    static final class Connection {
        private final HttpClientConnection http;
        private long timer;
        private boolean expired;
        private boolean gone;

        private Connection(HttpClientConnection http) {
            this.http = http;
        }

        HttpClientConnection http() {
            return http;
        }
    }

    Connections(HttpClientInternal http, SocketAddress server, Bounds bounds, EventLoop loop) {
        this.http = http;
        this.server = server;
        this.bounds = bounds;
        this.loop = loop;
        this.home = http.vertx()
                .createEventLoopContext(loop, null, Thread.currentThread().getContextClassLoader());
    }

    /**
     * Gives the caller a connection, now or later.
     *
     * @param proven rather the one that answered last than the one whose turn it is
     */
    void take(Caller caller, boolean proven) {
        onLoop(() -> {
            Connection next = proven ? idle.pollLast() : idle.pollFirst();
            if (next != null) {
                if (open < bounds.least() && opening == 0) {
                    open();
                }
                caller.connected(next);
            } else if (open < bounds.most()) {
                callers.add(caller);
                open();
            } else if (!proven && callers.size() - opening < bounds.mostWaiting()) {
                // a hedge that waited behind its own first call would help nobody
                callers.add(caller);
            } else {
                caller.failed(CallFailure.tooMany());
            }
        });
    }

    /** The caller waits no more; on the event loop. */
    void leave(Caller caller) {
        callers.remove(caller);
    }

    /** After a whole answer: for the next call. */
    void giveBack(Connection connection) {
        onLoop(() -> {
            if (connection.gone) {
                return;
            }
            if (connection.expired) {
                connection.http.close();
            } else if (!serveNext(connection)) {
                idle.addLast(connection);
            }
        });
    }

    /** After no answer, or half of one. */
    void discard(Connection connection) {
        onLoop(connection.http::close);
    }

    void close() {
        closed = true;
    }

    private boolean serveNext(Connection connection) {
        Caller next = callers.poll();
        if (next == null) {
            return false;
        }
        next.context().dispatch(() -> next.connected(connection));
        return true;
    }

    private void open() {
        open++;
        opening++;
        home.dispatch(() -> http.connect(server, server).onComplete(this::opened));
    }

    private void opened(AsyncResult<HttpClientConnection> result) {
        opening--;
        if (result.failed()) {
            open--;
            // the others still have one on its way
            Caller next = callers.size() > opening ? callers.poll() : null;
            if (next != null) {
                next.context().dispatch(() -> next.failed(result.cause()));
            }
            openForWaiting();
            return;
        }
        Connection connection = new Connection(result.result());
        // What breaks a connection is told to its call; Vert.x would log it as an error once more.
        connection.http.exceptionHandler(told -> {});
        connection.http.evictionHandler(gone -> onLoop(() -> evicted(connection)));
        connection.timer =
                home.setTimer(Math.max(1, Jitter.aFifthAround(bounds.age()).toMillis()), over -> expire(connection));
        if (!serveNext(connection)) {
            // Its turn is next: a connection that has not been asked yet may lead to an instance that does not answer.
            idle.addFirst(connection);
        }
    }

    private void expire(Connection connection) {
        connection.expired = true;
        if (idle.remove(connection)) {
            connection.http.close();
        }
    }

    /** It is closed, or will be once the answer that it brings is through. */
    private void evicted(Connection connection) {
        if (!connection.gone) {
            connection.gone = true;
            open--;
            idle.remove(connection);
            http.vertx().cancelTimer(connection.timer);
            openForWaiting();
        }
    }

    private void openForWaiting() {
        if (!closed && callers.size() > opening && open < bounds.most()) {
            open();
        }
    }

    void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }
}
