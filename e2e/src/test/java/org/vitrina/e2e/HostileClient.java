package org.vitrina.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;

/** One connection of somebody who means no good, from its opening to its end. */
final class HostileClient {
    /** What it does with its connection. */
    enum Kind {
        UNFINISHED_BODY {
            @Override
            void play(Socket socket, Random random) throws IOException {
                write(
                        socket,
                        "POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                + "X-Request-Deadline-Ms: 60000\r\nContent-Length: 1048576\r\n\r\n");
                String part = "a".repeat(64 * 1024);
                for (int i = 0; i < 15; i++) {
                    write(socket, part);
                }
                awaitEnd(socket);
            }
        },
        UNFINISHED_CHUNKS {
            @Override
            void play(Socket socket, Random random) throws IOException {
                write(
                        socket,
                        "POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                + "X-Request-Deadline-Ms: 60000\r\nTransfer-Encoding: chunked\r\n\r\n");
                String part = "1\r\na\r\n".repeat(2_000);
                for (int i = 0; i < 20; i++) {
                    write(socket, part);
                }
                awaitEnd(socket);
            }
        },
        UNFINISHED_HEAD {
            @Override
            void play(Socket socket, Random random) throws IOException {
                write(socket, "GET /x HTTP/1.1\r\nHost: x\r\n");
                for (int i = 0; i < 30; i++) {
                    write(socket, "X-" + random.nextInt(1000) + ": " + "a".repeat(8 * 1024) + "\r\n");
                }
                awaitEnd(socket);
            }
        },
        SLOW_HEAD {
            @Override
            void play(Socket socket, Random random) throws IOException, InterruptedException {
                write(socket, "GET /x HTTP/1.1\r\nHost: x\r\n");
                while (true) {
                    write(socket, "a:\r\n");
                    Thread.sleep(50);
                }
            }
        },
        STALLED_BODY {
            @Override
            void play(Socket socket, Random random) throws IOException {
                write(socket, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\na");
                awaitEnd(socket);
            }
        },
        JUNK_PATHS {
            @Override
            void play(Socket socket, Random random) throws IOException {
                for (int i = 0; i < 20; i++) {
                    write(socket, "GET /" + Long.toString(random.nextLong(), 36) + " HTTP/1.1\r\nHost: x\r\n\r\n");
                }
                write(socket, "GET /q/../" + random.nextInt() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                awaitEnd(socket);
            }
        },
        DEEP_JSON {
            @Override
            void play(Socket socket, Random random) throws IOException {
                String body = "[".repeat(60_000);
                for (String path : new String[] {"/api/v1/orders/?request_id=h" + random.nextInt(), "/x"}) {
                    write(
                            socket,
                            "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                }
                write(socket, "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                awaitEnd(socket);
            }
        },
        HALF_CLOSED_STREAM {
            @Override
            void play(Socket socket, Random random) throws IOException {
                write(socket, "GET /ops/resilience/stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
                socket.shutdownOutput();
                awaitEnd(socket);
            }
        },
        UNREAD_PIPELINE {
            @Override
            void play(Socket socket, Random random) throws IOException, InterruptedException {
                write(socket, "GET /q/openapi HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000));
                Thread.sleep(5_000);
            }
        },
        TWO_LENGTHS {
            @Override
            void play(Socket socket, Random random) throws IOException {
                write(
                        socket,
                        "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "0\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n");
                awaitEnd(socket);
            }
        };

        abstract void play(Socket socket, Random random) throws IOException, InterruptedException;
    }

    /** Longer than any server keeps such a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private HostileClient() {}

    /** Does it on one connection; whatever the server does with it is right, if only its end comes. */
    static void play(Kind kind, int port, Random random) throws InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            kind.play(socket, random);
        } catch (IOException closed) {
            // as it deserves
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static void awaitEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] into = new byte[8 * 1024];
        while (in.read(into) >= 0) {
            // until it is closed
        }
    }
}
