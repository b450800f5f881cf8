package org.vitrina.persistence;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

/**
 * Asks the server to cancel what one of our connections is at, over a connection of its own, as the protocol has it
 * (PostgreSQL, 54.2.8 "Canceling Requests in Progress"). The server answers by closing that connection, after it has
 * passed the request on; until then the statement that it meets may be any later one. The client's own {@code
 * cancelRequest} does not wait for that.
 *
 * <p>Encrypted where the connections themselves are (54.2.10 "SSL Session Encryption"): it says a process' secret.
 */
final class CancelRequests {
    private static final int CODE = 80877102;
    private static final int BYTES = 16;
    private static final int TLS_CODE = 80877103;
    private static final int TLS_BYTES = 8;

    private final Vertx vertx;
    private final NetClient client;
    private final boolean encrypted;
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

    /** @param database where the connections lead, and how they are encrypted */
    CancelRequests(Vertx vertx, PostgresConfig config, PgConnectOptions database) {
        this.vertx = vertx;
        SslMode mode = database.getSslMode();
        boolean verified = mode == SslMode.VERIFY_FULL || mode == SslMode.VERIFY_CA;
        this.encrypted = verified || mode == SslMode.REQUIRE;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
                .setTrustAll(!verified)
                .setTrustOptions(database.getTrustOptions())
                .setHostnameVerificationAlgorithm(verified ? database.getHostnameVerificationAlgorithm() : ""));
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
            Buffer request = Buffer.buffer(BYTES)
                    .appendInt(BYTES)
                    .appendInt(CODE)
                    .appendInt(processId)
                    .appendInt(secretKey);
            if (encrypted) {
                encrypt(socket).onSuccess(done -> socket.write(request)).onFailure(refused -> {
                    outcome.tryComplete(Outcome.NOT_SENT);
                    socket.close();
                });
            } else {
                socket.write(request);
            }
        });
        return outcome.future();
    }

    /** The server says by one letter whether it can. */
    private static Future<Void> encrypt(NetSocket socket) {
        Promise<Void> encrypted = Promise.promise();
        socket.handler(answer -> {
            if (answer.length() == 1 && answer.getByte(0) == 'S') {
                socket.upgradeToSsl().onComplete(encrypted);
            } else {
                encrypted.fail("PostgreSQL refused TLS");
            }
        });
        socket.write(Buffer.buffer(TLS_BYTES).appendInt(TLS_BYTES).appendInt(TLS_CODE));
        return encrypted.future();
    }
}
