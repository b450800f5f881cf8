package org.vitrina.persistence;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;

/**
 * Asks the server to cancel what one of our connections is at, over a connection of its own, as the protocol has it
 * (PostgreSQL, 54.2.8 "Canceling Requests in Progress"). The server answers by closing that connection, after it has
 * passed the request on; until then the statement that it meets may be any later one. The client's own {@code
 * cancelRequest} does not wait for that.
 *
 * <p>Unencrypted, as libpq did until version 16: it says no more than a process id and that process' secret.
 */
final class CancelRequests {
    private static final int CODE = 80877102;
    private static final int BYTES = 16;

    private final Vertx vertx;
    private final NetClient client;
    private final long limitMillis;

    /** What became of a request. */
    enum Outcome {
        /** The server has passed it on, or has dropped it: what it sees from now on is safe. */
        ANSWERED,
        /** It never left. */
        NOT_SENT,
        /** It may still meet anything. */
        UNKNOWN
    }

    CancelRequests(Vertx vertx, PostgresConfig config) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis())));
        this.limitMillis = config.silenceLimit().toMillis();
    }

    /** Never fails. */
    Future<Outcome> send(SocketAddress server, int processId, int secretKey) {
        Promise<Outcome> outcome = Promise.promise();
        client.connect(server).onComplete(opened -> {
            if (opened.failed()) {
                outcome.complete(Outcome.NOT_SENT);
                return;
            }
            NetSocket socket = opened.result();
            long timer = vertx.setTimer(limitMillis, fired -> {
                outcome.tryComplete(Outcome.UNKNOWN);
                socket.close();
            });
            // a reset is a close too
            socket.exceptionHandler(reset -> {});
            socket.closeHandler(closed -> {
                vertx.cancelTimer(timer);
                outcome.tryComplete(Outcome.ANSWERED);
            });
            socket.write(Buffer.buffer(BYTES)
                    .appendInt(BYTES)
                    .appendInt(CODE)
                    .appendInt(processId)
                    .appendInt(secretKey));
        });
        return outcome.future();
    }
}
