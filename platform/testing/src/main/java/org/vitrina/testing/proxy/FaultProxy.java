package org.vitrina.testing.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a free port of 127.0.0.1, forwards to a real server, and breaks it as told by {@link #inject}, for
 * connections old and new, until {@link #heal}. Counts what it sees.
 */
public final class FaultProxy implements AutoCloseable {
    /** What is spoken through the proxy; answers, errors and requests are told apart by it. */
    private enum Protocol {
        HTTP,
        POSTGRES,
        REDIS,
        MEMCACHED
    }

    private static final int BACKLOG = 1024;
    private static final int MOST_BINDS = 500;

    private final Protocol protocol;
    private volatile List<InetSocketAddress> targets;
    /**
     * Bound but never listening, so that nobody else gets the port while connections to it are refused. Linux lets a
     * listener share the address as long as both allow reuse and one of them listens at most.
     */
    private final Socket reservation;

    private final int port;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger earlyCloses = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> requestLines = new ConcurrentLinkedQueue<>();

    private volatile Fault fault = Fault.NONE;
    private Random random = new Random(0);
    private volatile @Nullable ServerSocket listener;
    private volatile boolean closed;

    private FaultProxy(Protocol protocol, InetSocketAddress target) {
        this.protocol = protocol;
        this.targets = List.of(target);
        try {
            reservation = new Socket();
            reservation.setReuseAddress(true);
            reservation.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = reservation.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listen();
    }

    /** A proxy before an HTTP/1.1 server on this port of 127.0.0.1. */
    public static FaultProxy http(int targetPort) {
        return new FaultProxy(Protocol.HTTP, loopback(targetPort));
    }

    /** A proxy before a PostgreSQL server on this port of 127.0.0.1. */
    public static FaultProxy postgres(int targetPort) {
        return new FaultProxy(Protocol.POSTGRES, loopback(targetPort));
    }

    /** A proxy before a Redis server on this port of 127.0.0.1. */
    public static FaultProxy redis(int targetPort) {
        return new FaultProxy(Protocol.REDIS, loopback(targetPort));
    }

    /** A proxy before a memcached on this port of 127.0.0.1. */
    public static FaultProxy memcached(int targetPort) {
        return new FaultProxy(Protocol.MEMCACHED, loopback(targetPort));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The port to connect to instead of the server's; the same for the proxy's whole life. */
    public int port() {
        return port;
    }

    /** Connections from now on lead to the servers on these ports of 127.0.0.1 in turn, as behind a Kubernetes Service. */
    public void leadTo(Integer... ports) {
        targets = Stream.of(ports).map(FaultProxy::loopback).toList();
    }

    private InetSocketAddress next() {
        List<InetSocketAddress> now = targets;
        return now.get(Math.floorMod(turn.getAndIncrement(), now.size()));
    }

    /** Breaks the server this way from now on, in place of the fault before. */
    public void inject(Fault next) {
        lock.lock();
        try {
            Fault previous = fault;
            fault = next;
            if (next instanceof Fault.Errors errors) {
                random = new Random(errors.seed());
            }
            // what came out garbled cannot be read on by anyone: a server that is well again starts afresh
            sessions.stream().filter(Session::poisoned).forEach(Session::reset);
            boolean cut = next instanceof Fault.Refused
                    || next instanceof Fault.Flapping
                    || next instanceof Fault.PostgresRefusal
                    || previous instanceof Fault.PostgresRefusal;
            if (next instanceof Fault.Refused || next instanceof Fault.Flapping) {
                refuse();
            } else {
                listen();
            }
            if (cut) {
                resetSessions();
            }
            if (next instanceof Fault.Flapping flapping) {
                Thread.startVirtualThread(() -> flap(flapping));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the fault. */
    public void heal() {
        inject(Fault.NONE);
    }

    /** The fault in force. */
    public Fault fault() {
        return fault;
    }

    /** Connections accepted since the start. */
    public int connections() {
        return connections.get();
    }

    /** Connections open now. */
    public int openConnections() {
        return sessions.size();
    }

    /** HTTP requests, Redis commands, or pieces of PostgreSQL's or memcached's traffic that clients sent completely. */
    public int requests() {
        return requests.get();
    }

    /** HTTP: how often a client closed or reset its connection with a request unanswered, that is, cancelled it. */
    public int earlyCloses() {
        return earlyCloses.get();
    }

    /** HTTP: the request lines seen since the start or {@link #forget}, such as {@code GET /products HTTP/1.1}. */
    public List<String> requestLines() {
        return List.copyOf(requestLines);
    }

    /** Sets every counter to zero. */
    public void forget() {
        connections.set(0);
        requests.set(0);
        earlyCloses.set(0);
        requestLines.clear();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            fault = Fault.NONE;
            refuse();
            resetSessions();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closeQuietly(reservation);
    }

    /** What sessions are to do now: flapping and refusal are the listener's business, not theirs. */
    Fault current() {
        Fault now = fault;
        return now instanceof Fault.Flapping || now instanceof Fault.Refused ? Fault.NONE : now;
    }

    /** Whether this request is one of the unlucky share. */
    boolean draw(Fault.Errors errors) {
        lock.lock();
        try {
            return random.nextDouble() < errors.share();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the fault is another, the nanoseconds are over, or the condition holds. */
    void awaitChange(Fault during, long nanos, BooleanSupplier over) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && fault == during && left > 0 && !over.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes waiting sessions look at their condition again. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void sawRequest(String line) {
        requests.incrementAndGet();
        if (!line.isEmpty()) {
            requestLines.add(line);
        }
    }

    void sawEarlyClose() {
        earlyCloses.incrementAndGet();
    }

    void ended(Session session) {
        sessions.remove(session);
    }

    Socket connectToTarget() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(next(), (int) TimeUnit.SECONDS.toMillis(5));
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    /** Closes with a TCP reset instead of an orderly end. */
    static void resetQuietly(@Nullable Socket socket) {
        if (socket != null) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // already closed
            }
            closeQuietly(socket);
        }
    }

    static void closeQuietly(@Nullable Closeable socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // nothing more can be done for it
            }
        }
    }

    private void listen() {
        if (listener != null || closed) {
            return;
        }
        ServerSocket opened = bind();
        listener = opened;
        Thread.startVirtualThread(() -> acceptFrom(opened));
    }

    private ServerSocket bind() {
        for (int tries = 1; ; tries++) {
            try {
                ServerSocket opened = new ServerSocket();
                opened.setReuseAddress(true);
                opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
                return opened;
            } catch (BindException e) {
                // a thread that is just accepting keeps the listener before this one open a moment longer
                if (tries == MOST_BINDS) {
                    throw new UncheckedIOException("cannot listen on port " + port + " again", e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void refuse() {
        ServerSocket open = listener;
        listener = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            awaitRefusal();
        }
    }

    /** A thread that is just accepting keeps the listener open a moment longer than its close: until then it takes callers. */
    private void awaitRefusal() {
        for (int tries = 0; tries < MOST_BINDS; tries++) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            } catch (IOException refused) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private void resetSessions() {
        sessions.forEach(Session::reset);
    }

    private void acceptFrom(ServerSocket source) {
        while (true) {
            Socket client;
            try {
                client = source.accept();
                client.setTcpNoDelay(true);
            } catch (IOException e) {
                if (source.isClosed()) {
                    return;
                }
                continue;
            }
            connections.incrementAndGet();
            Session session =
                    switch (protocol) {
                        case HTTP -> new HttpSession(this, client);
                        case POSTGRES -> new StreamSession(this, client, new PostgresFraming());
                        case REDIS -> new StreamSession(this, client, new RedisFraming());
                        case MEMCACHED -> new StreamSession(this, client, Framing::readSome);
                    };
            sessions.add(session);
            if (source.isClosed()) {
                session.reset();
            } else {
                session.start();
            }
        }
    }

    private void flap(Fault.Flapping flapping) {
        Duration period = flapping.period();
        try {
            while (true) {
                awaitChange(flapping, period.toNanos(), () -> false);
                lock.lock();
                try {
                    if (fault != flapping || closed) {
                        return;
                    }
                    if (listener == null) {
                        listen();
                    } else {
                        refuse();
                        resetSessions();
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
