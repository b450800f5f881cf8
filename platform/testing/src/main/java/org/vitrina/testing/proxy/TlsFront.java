package org.vitrina.testing.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.testing.TestCertificate;

/**
 * Listens with TLS on a free port of 127.0.0.1, and of 127.0.0.2, which the certificate does not name; hands on, decrypted, to a
 * server that has none.
 */
public final class TlsFront implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private final AtomicInteger connections = new AtomicInteger();

    /** @param target the port of the server, on 127.0.0.1 */
    public TlsFront(int target) {
        port = listen("127.0.0.1", 0, target);
        listen("127.0.0.2", port, target);
    }

    private int listen(String host, int on, int target) {
        var client = vertx.createNetClient();
        NetServer server = vertx.createNetServer(new NetServerOptions()
                        .setHost(host)
                        .setPort(on)
                        .setSsl(true)
                        .setKeyCertOptions(new PfxOptions()
                                .setPath(TestCertificate.keyStore().toString())
                                .setPassword(TestCertificate.PASSWORD)))
                .connectHandler(outside -> {
                    connections.incrementAndGet();
                    outside.pause();
                    client.connect(target, "127.0.0.1")
                            .onSuccess(inside -> join(outside, inside))
                            .onFailure(refused -> outside.close());
                })
                .exceptionHandler(refused -> {});
        return wait(server.listen()).actualPort();
    }

    public int port() {
        return port;
    }

    /** How many connections have come whose handshake went well. */
    public int connections() {
        return connections.get();
    }

    private static void join(NetSocket outside, NetSocket inside) {
        outside.pipeTo(inside);
        inside.pipeTo(outside);
        outside.resume();
    }

    private static <T> T wait(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        wait(vertx.close());
    }
}
