package org.vitrina.testing.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection through the proxy. One thread reads the client all the time, so that its leaving is seen while
 * another forwards, waits or answers.
 */
final class HttpSession implements Session {
    private static final HttpMessage END = new HttpMessage(List.of(""), new byte[0], new byte[0], true);

    private final FaultProxy proxy;
    private final Socket client;
    private final BlockingQueue<HttpMessage> waiting = new ArrayBlockingQueue<>(64);
    private volatile @Nullable Socket server;
    private volatile boolean unanswered;
    private volatile boolean gone;

    HttpSession(FaultProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    @Override
    public void start() {
        Thread.startVirtualThread(this::readClient);
        Thread.startVirtualThread(this::serve);
    }

    @Override
    public void reset() {
        leave();
        FaultProxy.resetQuietly(client);
        FaultProxy.resetQuietly(server);
    }

    @Override
    public boolean poisoned() {
        return false;
    }

    private void leave() {
        gone = true;
        proxy.ended(this);
        proxy.wake();
    }

    private void readClient() {
        try {
            InputStream in = new BufferedInputStream(client.getInputStream());
            HttpMessage request = HttpMessage.readRequest(in);
            while (request != null) {
                proxy.sawRequest(request.startLine());
                unanswered = true;
                waiting.put(request);
                request = HttpMessage.readRequest(in);
            }
        } catch (IOException e) {
            // a reset tells the same as an orderly end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // a connection that the proxy itself ended says nothing about the client
        if (unanswered && !gone) {
            proxy.sawEarlyClose();
        }
        leave();
        waiting.clear();
        waiting.add(END);
        // the call goes on as far as the proxy: the real server must see the end too
        FaultProxy.closeQuietly(server);
    }

    private void serve() {
        try {
            OutputStream out = client.getOutputStream();
            HttpMessage request = waiting.take();
            while (!gone && answer(request.withoutUpgrade(), out)) {
                request = waiting.take();
            }
        } catch (IOException e) {
            // the server cannot be reached or broke off: so does the proxy, as hard
            FaultProxy.resetQuietly(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave();
            FaultProxy.closeQuietly(client);
            FaultProxy.closeQuietly(server);
        }
    }

    /** Whether the connection can take another request. */
    private boolean answer(HttpMessage request, OutputStream out) throws IOException, InterruptedException {
        Fault fault = proxy.current();
        while (fault instanceof Fault.Hangs) {
            proxy.awaitChange(fault, Long.MAX_VALUE, () -> gone);
            if (gone) {
                return false;
            }
            fault = proxy.current();
        }
        if (fault instanceof Fault.Errors errors) {
            fault = proxy.draw(errors) ? new Fault.Status(500, 0) : Fault.NONE;
        }
        if (fault instanceof Fault.Status status) {
            send(out, canned(status));
            return true;
        }
        if (fault instanceof Fault.Garbage) {
            send(out, garbage(256));
            return false;
        }
        HttpMessage response = forward(request);
        switch (fault) {
            case Fault.HangsAfterHeaders hangs -> {
                out.write(response.head());
                proxy.awaitChange(hangs, Long.MAX_VALUE, () -> gone);
                if (gone) {
                    return false;
                }
                send(out, response.wireBody());
            }
            case Fault.Late late -> {
                proxy.awaitChange(late, late.delay().toNanos(), () -> gone);
                if (gone) {
                    return false;
                }
                send(out, response.wire());
            }
            case Fault.Truncated truncated -> {
                send(out, firstHalf(response));
                return false;
            }
            case Fault.Reset reset -> {
                send(out, firstHalf(response));
                FaultProxy.resetQuietly(client);
                return false;
            }
            case Fault.WrongTypes wrong ->
                send(
                        out,
                        response.withBody(OtherTypes.of(response.body(), wrong.keepShape()))
                                .wire());
            case Fault.BigBody big -> sendPadded(out, response, big.bytes());
            default -> send(out, response.wire());
        }
        return !response.closesConnection() && !request.closesConnection();
    }

    private HttpMessage forward(HttpMessage request) throws IOException {
        Socket open = server;
        if (open != null && open.isClosed()) {
            open = null;
        }
        if (open != null) {
            try {
                return exchange(open, request);
            } catch (IOException e) {
                // the server may have closed an idle connection; a fresh one tells whether it is still there
                FaultProxy.closeQuietly(open);
                if (gone || request.method().equals("POST") || request.method().equals("PATCH")) {
                    throw e;
                }
            }
        }
        Socket fresh = proxy.connectToTarget();
        server = fresh;
        if (gone) {
            FaultProxy.closeQuietly(fresh);
        }
        return exchange(fresh, request);
    }

    private static HttpMessage exchange(Socket open, HttpMessage request) throws IOException {
        open.getOutputStream().write(request.wire());
        HttpMessage response =
                HttpMessage.readResponse(new BufferedInputStream(open.getInputStream()), request.method());
        if (response.closesConnection()) {
            FaultProxy.closeQuietly(open);
        }
        return response;
    }

    /** Writes the rest of an answer; a client that has all of it may leave without having left early. */
    private void send(OutputStream out, byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            out.write(bytes, 0, bytes.length - 1);
        }
        unanswered = !waiting.isEmpty();
        if (bytes.length > 0) {
            out.write(bytes[bytes.length - 1]);
        }
    }

    private static byte[] canned(Fault.Status fault) {
        String body = "{\"type\":\"urn:vitrina:problem:fault\",\"title\":\"Injected fault\",\"status\":"
                + fault.status() + ",\"detail\":\"injected by the fault proxy\"}";
        String retryAfter = fault.retryAfterSeconds() > 0 ? "Retry-After: " + fault.retryAfterSeconds() + "\r\n" : "";
        return ("HTTP/1.1 " + fault.status() + " Injected\r\nContent-Type: application/problem+json\r\n" + retryAfter
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Always the same bytes, the first of which begin no message of HTTP, PostgreSQL or Redis. */
    static byte[] garbage(int length) {
        byte[] bytes = new byte[length];
        new Random(42).nextBytes(bytes);
        byte[] start = {(byte) 0xEE, (byte) 0xFF, 0x01, 0x7F};
        System.arraycopy(start, 0, bytes, 0, Math.min(start.length, length));
        return bytes;
    }

    /** The head and half of the body; of an answer without body, half of the head. */
    private static byte[] firstHalf(HttpMessage response) {
        byte[] wire = response.wire();
        int body = response.wireBody().length;
        return Arrays.copyOf(wire, body == 0 ? wire.length / 2 : wire.length - body + body / 2);
    }

    /** Blanks before the closing bracket keep it the same JSON; they are never all in memory. */
    private void sendPadded(OutputStream out, HttpMessage response, int size) throws IOException {
        byte[] json = response.body();
        if (json.length == 0 || json.length >= size) {
            send(out, response.wire());
            return;
        }
        out.write(response.withLength(size).head());
        out.write(json, 0, json.length - 1);
        byte[] blanks = new byte[64 * 1024];
        Arrays.fill(blanks, (byte) ' ');
        for (int left = size - json.length; left > 0; left -= blanks.length) {
            out.write(blanks, 0, Math.min(left, blanks.length));
        }
        send(out, new byte[] {json[json.length - 1]});
    }
}
