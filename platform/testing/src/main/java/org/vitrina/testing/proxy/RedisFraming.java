package org.vitrina.testing.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * RESP commands. A command that is to fail is replaced by a script whose answer is the error, so that the real server
 * keeps the order of the answers, pipelines and transactions included.
 */
final class RedisFraming implements Framing {
    private static final int MAX_ARGUMENT = 64 * 1024 * 1024;
    /** Commands that a real server runs while it loads its data. */
    private static final Set<String> ALLOWED_WHILE_LOADING = Set.of(
            "HELLO", "AUTH", "CLIENT", "COMMAND", "INFO", "CONFIG", "SELECT", "SUBSCRIBE", "UNSUBSCRIBE", "QUIT");
    /** The writes that a full server denies, as far as caches use them. */
    private static final Set<String> DENIED_WHEN_FULL = Set.of(
            "SET", "SETEX", "PSETEX", "SETNX", "MSET", "GETSET", "APPEND", "INCR", "INCRBY", "HSET", "HMSET", "LPUSH",
            "RPUSH", "SADD", "ZADD", "EVAL", "EVALSHA", "XADD");

    @Override
    public byte @Nullable [] readFromClient(InputStream in) throws IOException {
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        int first = in.read();
        if (first < 0) {
            return null;
        }
        command.write(first);
        String header = readLine(in, command);
        if (first == '*') {
            int arguments = Integer.parseInt(header);
            for (int i = 0; i < arguments; i++) {
                int dollar = in.read();
                command.write(dollar);
                int length = Integer.parseInt(readLine(in, command));
                if (dollar != '$' || length < 0 || length > MAX_ARGUMENT) {
                    throw new IOException("no bulk string in a command");
                }
                byte[] argument = in.readNBytes(length + 2);
                if (argument.length < length + 2) {
                    throw new EOFException("a command ended early");
                }
                command.writeBytes(argument);
            }
        }
        return command.toByteArray();
    }

    @Override
    public byte[] toServer(byte[] piece, Fault fault) {
        if (!(fault instanceof Fault.RedisError error)) {
            return piece;
        }
        String name = name(piece);
        boolean fails = error.writesOnly() ? DENIED_WHEN_FULL.contains(name) : !ALLOWED_WHILE_LOADING.contains(name);
        if (!fails) {
            return piece;
        }
        String script = "return redis.error_reply(\"" + error.message() + "\")";
        return ("*3\r\n$4\r\nEVAL\r\n$" + script.length() + "\r\n" + script + "\r\n$1\r\n0\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String name(byte[] piece) {
        String[] lines = new String(piece, StandardCharsets.ISO_8859_1).split("\r\n", 4);
        String name = lines[0].startsWith("*") && lines.length > 2 ? lines[2] : lines[0].split(" ", 2)[0];
        return name.toUpperCase(Locale.ROOT);
    }

    private static String readLine(InputStream in, ByteArrayOutputStream copy) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            copy.write(next);
            if (next != '\r') {
                line.append((char) next);
            }
            next = in.read();
        }
        if (next < 0) {
            throw new EOFException("a command ended early");
        }
        copy.write(next);
        return line.toString();
    }
}
