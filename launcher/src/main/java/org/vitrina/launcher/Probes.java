package org.vitrina.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Asks a part whether it is ready, in its own words, within a second. */
final class Probes {
    private static final int PATIENCE_MILLIS = 1000;

    private Probes() {}

    /** A service: its readiness on the management port. */
    static boolean serviceIsReady(Address management) {
        return firstLine(management, "GET /q/health/ready HTTP/1.0\r\nHost: " + management + "\r\n\r\n")
                .contains(" 200 ");
    }

    static boolean redisIsReady(Address address) {
        return firstLine(address, "PING\r\n").startsWith("+PONG");
    }

    /** The broker answers an AMQP 0-9-1 greeting with its own: a frame of type 1. */
    static boolean brokerIsReady(Address address) {
        return firstLine(address, "AMQP\0\0\11\1").startsWith("\1");
    }

    /** PostgreSQL notes its state in the eighth line of postmaster.pid, its pid in the first. */
    static boolean postgresIsReady(Path data, long pid) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(pid)) // not a killed one's
                    && lines.get(7).strip().equals("ready");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Something accepts connections there. */
    static boolean isOpen(Address address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MILLIS);
            return true;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static String firstLine(Address address, String question) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int read = answer.read(); read > 0 && read != '\n' && line.length() < 200; read = answer.read()) {
                line.append((char) read);
            }
            return line.toString();
        } catch (IOException notThere) {
            return "";
        }
    }
}
