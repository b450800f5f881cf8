package org.vitrina.testing.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request or response.
 *
 * @param lines the start line and the header lines, without line ends
 * @param wireBody the body as framed on the wire, chunk sizes included
 * @param body the body itself
 * @param endsWithConnection whether the body is framed by the end of the connection only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpMessage(List<String> lines, byte[] wireBody, byte[] body, boolean endsWithConnection) {
    private static final int MAX_HEAD = 64 * 1024;
    private static final int MAX_BODY = 32 * 1024 * 1024;
    /** Through the proxy nobody leaves HTTP/1.1. */
    private static final Set<String> UPGRADE_HEADERS = Set.of("upgrade", "http2-settings");

    /** The next request, or null when the client closed between two requests. */
    static @Nullable HttpMessage readRequest(InputStream in) throws IOException {
        List<String> lines = readHead(in);
        return lines == null ? null : withBody(in, lines, contentLength(lines, 0));
    }

    /** The response to a request of this method; interim (1xx) responses are skipped. */
    static HttpMessage readResponse(InputStream in, String method) throws IOException {
        while (true) {
            List<String> lines = readHead(in);
            if (lines == null) {
                throw new EOFException("the server closed before it answered");
            }
            HttpMessage head = new HttpMessage(lines, new byte[0], new byte[0], false);
            int status = head.status();
            if (status / 100 == 1) {
                continue;
            }
            if (method.equals("HEAD") || status == 204 || status == 304) {
                return head;
            }
            return withBody(in, lines, contentLength(lines, -1));
        }
    }

    String startLine() {
        return lines.getFirst();
    }

    String method() {
        String line = startLine();
        return line.substring(0, Math.max(0, line.indexOf(' ')));
    }

    int status() throws IOException {
        String[] words = startLine().split(" ", 3);
        try {
            return Integer.parseInt(words[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("no status line: " + startLine(), e);
        }
    }

    @Nullable
    String header(String name) {
        return header(lines, name);
    }

    boolean closesConnection() {
        String value = header("connection");
        return endsWithConnection
                || (value != null && value.toLowerCase(Locale.ROOT).contains("close"));
    }

    byte[] head() {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] wire() {
        byte[] head = head();
        byte[] all = new byte[head.length + wireBody.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(wireBody, 0, all, head.length, wireBody.length);
        return all;
    }

    /** The same with another body of known length. */
    HttpMessage withBody(byte[] other) {
        return new HttpMessage(withLength(other.length).lines(), other, other, false);
    }

    /** The head that announces a body of this length. */
    HttpMessage withLength(int length) {
        List<String> changed = new ArrayList<>(lines);
        changed.removeIf(line -> named(line, "content-length") || named(line, "transfer-encoding"));
        changed.add("Content-Length: " + length);
        return new HttpMessage(List.copyOf(changed), new byte[0], new byte[0], false);
    }

    HttpMessage withoutUpgrade() {
        List<String> changed = new ArrayList<>();
        for (String line : lines) {
            boolean offer = line.toLowerCase(Locale.ROOT).startsWith("connection:")
                    && line.toLowerCase(Locale.ROOT).contains("upgrade");
            if (!offer && UPGRADE_HEADERS.stream().noneMatch(name -> named(line, name))) {
                changed.add(line);
            }
        }
        return new HttpMessage(List.copyOf(changed), wireBody, body, endsWithConnection);
    }

    private static HttpMessage withBody(InputStream in, List<String> lines, long length) throws IOException {
        String coding = header(lines, "transfer-encoding");
        if (coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked")) {
            return withChunks(in, lines);
        }
        if (length >= 0) {
            if (length > MAX_BODY) {
                throw new IOException("body of " + length + " bytes");
            }
            byte[] body = in.readNBytes((int) length);
            if (body.length < length) {
                throw new EOFException("body ended early");
            }
            return new HttpMessage(lines, body, body, false);
        }
        byte[] body = in.readNBytes(MAX_BODY);
        return new HttpMessage(lines, body, body, true);
    }

    private static HttpMessage withChunks(InputStream in, List<String> lines) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = readLine(in);
            if (size == null) {
                throw new EOFException("chunks ended early");
            }
            wire.writeBytes((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            int length = Integer.parseInt(size.split(";", 2)[0].trim(), 16);
            if (length == 0) {
                // the end, with trailers if there are any
                String line = readLine(in);
                while (line != null && !line.isEmpty()) {
                    wire.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    line = readLine(in);
                }
                wire.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                return new HttpMessage(lines, wire.toByteArray(), body.toByteArray(), false);
            }
            byte[] chunk = in.readNBytes(length);
            String end = readLine(in);
            if (chunk.length < length || end == null || body.size() + length > MAX_BODY) {
                throw new EOFException("chunks ended early or never");
            }
            body.writeBytes(chunk);
            wire.writeBytes(chunk);
            wire.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static @Nullable List<String> readHead(InputStream in) throws IOException {
        String line = readLine(in);
        if (line == null) {
            return null;
        }
        List<String> lines = new ArrayList<>();
        int size = 0;
        while (line != null && !line.isEmpty()) {
            size += line.length();
            if (size > MAX_HEAD) {
                throw new IOException("head of more than " + MAX_HEAD + " bytes");
            }
            lines.add(line);
            line = readLine(in);
        }
        if (line == null || lines.isEmpty()) {
            throw new EOFException("head ended early");
        }
        return List.copyOf(lines);
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            if (line.size() > MAX_HEAD) {
                throw new IOException("line of more than " + MAX_HEAD + " bytes");
            }
            next = in.read();
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static long contentLength(List<String> lines, long otherwise) throws IOException {
        String value = header(lines, "content-length");
        try {
            return value == null ? otherwise : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IOException("content-length " + value, e);
        }
    }

    private static @Nullable String header(List<String> lines, String name) {
        for (String line : lines) {
            if (named(line, name)) {
                return line.substring(name.length() + 1).trim();
            }
        }
        return null;
    }

    private static boolean named(String line, String name) {
        return line.length() > name.length()
                && line.charAt(name.length()) == ':'
                && line.regionMatches(true, 0, name, 0, name.length());
    }
}
