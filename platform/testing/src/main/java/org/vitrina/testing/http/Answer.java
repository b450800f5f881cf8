package org.vitrina.testing.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What a {@link FakeService} does with a request. */
public sealed interface Answer {
    /** No answer, ever; the request is watched until its caller closes the connection. */
    Answer HANGS = new HangsAfter(new byte[0]);
    /** A TCP reset instead of an answer. */
    Answer RESETS = new Bytes(new byte[0], true);
    /** An orderly close instead of an answer. */
    Answer CLOSES = new Bytes(new byte[0], false);
    /** 200 and a body of 64 MiB, for as long as it is read. */
    Answer FLOODS = new Floods();
    /** Bytes that are no HTTP, then a close. */
    Answer GARBAGE = new Bytes("\u0000\u0001\u00ff garbage \r\n\r\n".getBytes(StandardCharsets.ISO_8859_1), false);

    /** 200 with this JSON. */
    static Answer json(String body) {
        return of(200, Map.of(), body);
    }

    /** This status with a problem as body; none with 204 and 304. */
    static Answer status(int status) {
        return of(status, Map.of(), status == 204 || status == 304 ? "" : "{\"status\":" + status + "}");
    }

    static Answer of(int status, Map<String, String> headers, String body) {
        return new Http(status, Map.copyOf(headers), body.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #of}, with a body of this many blanks. */
    static Answer blanks(int status, int bytes) {
        byte[] body = new byte[bytes];
        java.util.Arrays.fill(body, (byte) ' ');
        return new Http(status, Map.of(), body);
    }

    /** The head and the first half of the body, then a close. */
    static Answer truncated(String body) {
        return new Bytes(half(body), false);
    }

    /** The head and the first half of the body, then a TCP reset. */
    static Answer brokenOff(String body) {
        return new Bytes(half(body), true);
    }

    /** The head and the first half of the body, then nothing more. */
    static Answer hangsAfterHalf(int status, String body) {
        byte[] text = ("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body.substring(0, body.length() / 2))
                .getBytes(StandardCharsets.UTF_8);
        return new HangsAfter(text);
    }

    private static byte[] half(String body) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body.substring(0, body.length() / 2))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The same answer, this much later, unless the caller has gone by then. */
    default Answer after(Duration delay) {
        return new Late(delay, this);
    }

    /** The same answer once the latch is open, unless the caller has gone by then. */
    default Answer when(CountDownLatch open) {
        return new Held(open, this);
    }

    /** See {@link #of}. */
    final class Http implements Answer {
        final int status;
        final Map<String, String> headers;
        final byte[] body;

        private Http(int status, Map<String, String> headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }
    }

    /** Raw bytes, then the end of the connection. */
    final class Bytes implements Answer {
        final byte[] bytes;
        final boolean reset;

        private Bytes(byte[] bytes, boolean reset) {
            this.bytes = bytes;
            this.reset = reset;
        }
    }

    /** Some bytes, or none, then nothing more. */
    final class HangsAfter implements Answer {
        final byte[] bytes;

        private HangsAfter(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** See {@link #FLOODS}. */
    final class Floods implements Answer {
        private Floods() {}
    }

    /** See {@link #after}. */
    record Late(Duration delay, Answer then) implements Answer {}

    /** See {@link #when}. */
    record Held(CountDownLatch open, Answer then) implements Answer {}
}
