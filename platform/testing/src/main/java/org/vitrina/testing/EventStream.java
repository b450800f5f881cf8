package org.vitrina.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An open stream of server-sent events, read as a browser does. */
public final class EventStream implements AutoCloseable {
    private static final int LONGEST_SILENCE = 20_000;

    private final HttpURLConnection connection;
    private final BufferedReader lines;

    /**
     * Opens it, and fails where it is none.
     *
     * @param last {@code Last-Event-ID}; null for none
     */
    public EventStream(URI uri, @Nullable String last) throws IOException {
        connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestProperty("Accept", "text/event-stream");
        connection.setReadTimeout(LONGEST_SILENCE);
        connection.setRequestProperty("X-Request-Deadline-Ms", Integer.toString(LONGEST_SILENCE));
        if (last != null) {
            connection.setRequestProperty("Last-Event-ID", last);
        }
        if (connection.getResponseCode() != 200 || !connection.getContentType().startsWith("text/event-stream")) {
            throw new IllegalStateException(uri + " answers " + connection.getResponseCode());
        }
        lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The fields of the next event with an id. */
    public Map<String, String> next() throws IOException {
        Map<String, String> event = new HashMap<>();
        while (!event.containsKey("id")) {
            event.clear();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                int colon = line.indexOf(':');
                event.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return event;
    }

    /** The next line that is not empty, without the blank after a colon. */
    public String nextLine() throws IOException {
        String line = lines.readLine();
        while (line != null && line.isEmpty()) {
            line = lines.readLine();
        }
        return String.valueOf(line).replace(": ", ":");
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
