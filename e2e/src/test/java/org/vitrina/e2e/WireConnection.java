package org.vitrina.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection, one request at a time. Unlike {@link java.net.http.HttpClient} it repeats nothing by itself: a
 * connection that breaks under a request is an error that its caller sees.
 */
final class WireConnection implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SocketChannel channel;
    private final String host;
    private final InputStream in;

    /** @param last true when the server ends the connection with this answer */
    record Reply(int status, HttpHeaders headers, String body, boolean last) {}

    WireConnection(InetSocketAddress address) throws IOException {
        channel = SocketChannel.open();
        host = address.getHostString() + ":" + address.getPort();
        try {
            channel.socket().connect(address, (int) TIMEOUT.toMillis());
            channel.socket().setTcpNoDelay(true);
            channel.socket().setSoTimeout((int) TIMEOUT.toMillis());
            in = new BufferedInputStream(channel.socket().getInputStream(), 16 * 1024);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a GET and waits for the whole answer. */
    Reply get(String path, boolean keep) throws IOException {
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + (keep ? "" : "Connection: close\r\n") + "\r\n";
        channel.socket().getOutputStream().write(request.getBytes(ISO_8859_1));
        String[] start = line().split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.")) {
            throw new ProtocolException("no HTTP answer: " + String.join(" ", start));
        }
        int status = Integer.parseInt(start[1]);
        HttpHeaders headers = headers();
        boolean last = !keep || headers.allValues("Connection").stream().anyMatch("close"::equalsIgnoreCase);
        return new Reply(status, headers, new String(body(headers), UTF_8), last);
    }

    /** Whether the server has ended it meanwhile, as it may at any time between two requests. */
    boolean ended() {
        try {
            channel.configureBlocking(false);
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read != 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // nothing is left to be saved
        }
    }

    private HttpHeaders headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("no header: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    private byte[] body(HttpHeaders headers) throws IOException {
        if (headers.firstValue("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked")) {
            var body = new ByteArrayOutputStream();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.write(exactly(size));
                line();
            }
            headers();
            return body.toByteArray();
        }
        return exactly(headers.firstValueAsLong("Content-Length").stream()
                .mapToInt(Math::toIntExact)
                .findFirst()
                .orElseThrow(() -> new ProtocolException("the answer has no length")));
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + size + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException(
                        line.size() == 0
                                ? "the connection ended without an answer"
                                : "the connection ended in a header");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
