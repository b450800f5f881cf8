package org.vitrina.testing.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A connection through the proxy whose answers are not told apart: faults act on the pieces in which the server's bytes
 * arrive. Each direction has a reader and a writer, so that an end is seen while bytes are held back.
 */
final class StreamSession implements Session {
    private static final int PIECES_HELD = 1024;

    private final FaultProxy proxy;
    private final Socket client;
    private final Framing framing;
    private volatile @Nullable Socket server;
    private volatile boolean ended;
    private volatile boolean poisoned;

    /** Bytes, when they came, and whether they are the last. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(byte[] bytes, long arrived, boolean last) {}

    /** Reads the next piece, null at the end. */
    private interface Source {
        byte @Nullable [] read() throws IOException;
    }

    /** Passes a piece on. */
    private interface Sink {
        void write(Piece piece) throws IOException, InterruptedException;
    }

    StreamSession(FaultProxy proxy, Socket client, Framing framing) {
        this.proxy = proxy;
        this.client = client;
        this.framing = framing;
    }

    @Override
    public void start() {
        Thread.startVirtualThread(this::serve);
    }

    @Override
    public void reset() {
        end();
        FaultProxy.resetQuietly(client);
        FaultProxy.resetQuietly(server);
    }

    @Override
    public boolean poisoned() {
        return poisoned;
    }

    private void end() {
        ended = true;
        proxy.ended(this);
        proxy.wake();
    }

    private void close() {
        end();
        FaultProxy.closeQuietly(client);
        FaultProxy.closeQuietly(server);
    }

    private void serve() {
        try {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            if (framing.reject(in, out, proxy.current())) {
                close();
                return;
            }
            Socket connected = proxy.connectToTarget();
            server = connected;
            if (ended) {
                close();
                return;
            }
            InputStream answers = connected.getInputStream();
            OutputStream calls = connected.getOutputStream();
            pump(() -> framing.readFromClient(in), piece -> call(piece, calls), true);
            pump(() -> Framing.readSome(answers), piece -> answer(piece, out), false);
        } catch (IOException e) {
            reset();
        }
    }

    private void pump(Source source, Sink sink, boolean fromClient) {
        BlockingQueue<Piece> held = new ArrayBlockingQueue<>(PIECES_HELD);
        Thread.startVirtualThread(() -> {
            try {
                byte[] bytes = source.read();
                while (bytes != null) {
                    if (fromClient) {
                        proxy.sawRequest("");
                    }
                    held.put(new Piece(bytes, System.nanoTime(), false));
                    bytes = source.read();
                }
            } catch (IOException | NumberFormatException e) {
                // a reset tells the same as an orderly end
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (fromClient) {
                close();
            }
            putLast(held);
        });
        Thread.startVirtualThread(() -> {
            try {
                Piece piece = held.take();
                while (!piece.last() && !ended) {
                    sink.write(piece);
                    piece = held.take();
                }
            } catch (IOException e) {
                // closed below
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                close();
                // its reader may be waiting for room
                held.clear();
            }
        });
    }

    /** What the server said before it closed is still to be passed on. */
    private static void putLast(BlockingQueue<Piece> held) {
        try {
            held.put(new Piece(new byte[0], System.nanoTime(), true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(Piece piece, OutputStream out) throws IOException, InterruptedException {
        out.write(framing.toServer(piece.bytes(), passing()));
    }

    private void answer(Piece piece, OutputStream out) throws IOException, InterruptedException {
        Fault fault = passing();
        byte[] bytes = piece.bytes();
        switch (fault) {
            case Fault.Late late -> {
                long nanos = late.delay().toNanos() - (System.nanoTime() - piece.arrived());
                proxy.awaitChange(late, nanos, () -> ended);
                out.write(bytes);
            }
            case Fault.Garbage garbage -> {
                poisoned = true;
                out.write(HttpSession.garbage(Math.max(64, bytes.length)));
            }
            case Fault.Truncated truncated -> {
                out.write(bytes, 0, bytes.length / 2);
                close();
            }
            case Fault.Reset reset -> {
                out.write(bytes, 0, bytes.length / 2);
                reset();
            }
            default -> out.write(bytes);
        }
    }

    /** The fault in force once nothing hangs any more. */
    private Fault passing() throws InterruptedException {
        Fault fault = proxy.current();
        while (fault instanceof Fault.Hangs && !ended) {
            proxy.awaitChange(fault, Long.MAX_VALUE, () -> ended);
            fault = proxy.current();
        }
        return fault;
    }
}
