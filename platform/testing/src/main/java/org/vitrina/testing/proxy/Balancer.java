package org.vitrina.testing.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Spreads connections in turn over instances on ports of 127.0.0.1, as a Kubernetes Service does: each connection stays with
 * its instance for as long as it is open, whether that answers or not.
 */
public final class Balancer implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile int[] ports;

    private Balancer(int... ports) {
        this.ports = ports;
        try {
            listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** A balancer before instances on these ports. */
    public static Balancer before(int... ports) {
        return new Balancer(Arrays.copyOf(ports, ports.length));
    }

    /** Where connections go from now on; those that are open stay where they are. */
    public void spreadOver(int... instances) {
        ports = Arrays.copyOf(instances, instances.length);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Connections since the start. */
    public int connections() {
        return accepted.get();
    }

    @Override
    public void close() {
        FaultProxy.closeQuietly(listener);
        sockets.forEach(FaultProxy::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                int[] instances = ports;
                int port = instances[accepted.getAndIncrement() % instances.length];
                Thread.startVirtualThread(() -> forward(client, port));
            } catch (IOException e) {
                // closed, or one connection that came to nothing
            }
        }
    }

    private void forward(Socket client, int port) {
        sockets.add(client);
        try (client;
                Socket instance = new Socket(InetAddress.getLoopbackAddress(), port)) {
            sockets.add(instance);
            client.setTcpNoDelay(true);
            instance.setTcpNoDelay(true);
            Thread back = Thread.startVirtualThread(() -> copy(instance, client));
            copy(client, instance);
            back.join();
            sockets.remove(instance);
        } catch (IOException e) {
            // the instance is away: the client sees its connection end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
        }
    }

    /** Whichever side ends, ends both. */
    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // ended by the other direction, or broken: both end
        } finally {
            FaultProxy.closeQuietly(from);
            FaultProxy.closeQuietly(to);
        }
    }
}
