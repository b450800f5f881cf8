package org.vitrina.testing.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 service on a free port of 127.0.0.1 whose answers a test scripts, and which tells what it was asked and
 * which calls were really cancelled: their connection closed while the answer was due.
 */
public final class FakeService implements AutoCloseable {
    /**
     * One request as it came.
     *
     * @param target path and query
     * @param headers by lower-case name
     */
    public record Request(String method, String target, Map<String, String> headers, String body) {
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final Thread acceptor;
    private volatile Function<Request, Answer> script;

    private FakeService(Function<Request, Answer> script) {
        this.script = script;
        try {
            listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = Thread.startVirtualThread(this::accept);
    }

    public static FakeService answering(Function<Request, Answer> script) {
        return new FakeService(script);
    }

    public static FakeService answering(Answer always) {
        return new FakeService(request -> always);
    }

    /** What happens with requests from now on; those under way are not touched. */
    public void answer(Function<Request, Answer> next) {
        script = next;
    }

    /** See {@link #answer(Function)}. */
    public void answer(Answer always) {
        script = request -> always;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The requests since the start or {@link #forget}, oldest first. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many requests came since the start or {@link #forget}. */
    public int count() {
        return requests.size();
    }

    /** Connections accepted since the start or {@link #forget}. */
    public int connections() {
        return connections.get();
    }

    /** Connections open now. */
    public int openConnections() {
        return sockets.size();
    }

    /** Requests whose connection the caller closed before the answer. */
    public int cancelled() {
        return cancelled.get();
    }

    /** Requests without an answer yet. */
    public int underWay() {
        return underWay.get();
    }

    /** The most requests at once since the start or {@link #forget}. */
    public int mostUnderWay() {
        return mostUnderWay.get();
    }

    /** Sets the counters to zero. */
    public void forget() {
        requests.clear();
        connections.set(0);
        cancelled.set(0);
        mostUnderWay.set(0);
    }

    /** Closes every connection, as a restart does. */
    public void disconnect() {
        sockets.forEach(FakeService::close);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            // the port takes connections until the thread that accepts has seen the end
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disconnect();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                Thread.startVirtualThread(() -> serve(socket));
            } catch (IOException e) {
                // closed, or one connection that came to nothing
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Request request = read(in);
            while (request != null) {
                mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                requests.add(request);
                boolean more;
                try {
                    more = answer(socket, in, script.apply(request));
                } finally {
                    underWay.decrementAndGet();
                }
                request = more ? read(in) : null;
            }
        } catch (IOException e) {
            // the caller is gone
        } finally {
            sockets.remove(socket);
        }
    }

    /** False when the connection has ended, or is to end, with this request. */
    private boolean answer(Socket socket, InputStream in, Answer answer) throws IOException {
        return switch (answer) {
            case Answer.Http http -> {
                write(socket, http);
                yield true;
            }
            case Answer.Bytes raw -> {
                send(socket, raw.bytes);
                if (raw.reset) {
                    socket.setSoLinger(true, 0);
                }
                yield false;
            }
            case Answer.HangsAfter half -> {
                send(socket, half.bytes);
                yield !leaves(socket, in, Duration.ZERO);
            }
            case Answer.Floods flood -> {
                flood(socket);
                yield false;
            }
            case Answer.Late late -> !leaves(socket, in, late.delay()) && answer(socket, in, late.then());
            case Answer.Held held -> {
                while (held.open().getCount() > 0) {
                    if (leaves(socket, in, Duration.ofMillis(3))) {
                        yield false;
                    }
                }
                yield answer(socket, in, held.then());
            }
        };
    }

    /** Watches the connection for this long (zero: for ever); true when the caller closed it. */
    private boolean leaves(Socket socket, InputStream in, Duration limit) {
        try {
            socket.setSoTimeout((int) limit.toMillis());
            if (in.read() >= 0) {
                throw new IllegalStateException("pipelined requests are not served");
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // reset: gone as well
        } finally {
            try {
                socket.setSoTimeout(0);
            } catch (IOException e) {
                // gone
            }
        }
        cancelled.incrementAndGet();
        return true;
    }

    private void flood(Socket socket) throws IOException {
        byte[] portion = new byte[1 << 20];
        int portions = 64;
        try {
            send(
                    socket,
                    ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                    + (long) portions * portion.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            for (int i = 0; i < portions; i++) {
                send(socket, portion);
            }
        } catch (IOException e) {
            cancelled.incrementAndGet();
            throw e;
        }
    }

    private static void write(Socket socket, Answer.Http http) throws IOException {
        StringBuilder head =
                new StringBuilder(160).append("HTTP/1.1 ").append(http.status).append(" X\r\n");
        http.headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (http.status != 204 && http.status != 304) {
            if (!http.headers.containsKey("Content-Type")) {
                head.append("Content-Type: application/json\r\n");
            }
            head.append("Content-Length: ").append(http.body.length).append("\r\n");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length() + http.body.length + 2);
        whole.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        whole.write(http.body);
        send(socket, whole.toByteArray());
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(words[0], words[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing more can be done for it
        }
    }
}
