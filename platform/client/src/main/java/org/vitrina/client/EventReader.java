package org.vitrina.client;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events off the chunks of an answer. Confined to the event loop of its connection. */
final class EventReader {
    private final int maxLineBytes;
    private final Consumer<ServerSentEvent> events;
    private final Consumer<Throwable> failed;
    private Buffer line = Buffer.buffer();
    private @Nullable String id;
    private @Nullable String event;
    private @Nullable StringBuilder data;
    private @Nullable String comment;

    /**
     * @param maxLineBytes a longer line is {@code failed}
     * @param events told each block when it is whole
     */
    EventReader(int maxLineBytes, Consumer<ServerSentEvent> events, Consumer<Throwable> failed) {
        this.maxLineBytes = maxLineBytes;
        this.events = events;
        this.failed = failed;
    }

    void read(Buffer chunk) {
        for (int i = 0; i < chunk.length(); i++) {
            byte next = chunk.getByte(i);
            if (next == '\n') {
                String whole = line.toString(StandardCharsets.UTF_8);
                line = Buffer.buffer();
                read(whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole);
            } else if (line.length() == maxLineBytes) {
                failed.accept(new IllegalStateException("a line of more than " + maxLineBytes + " bytes"));
                return;
            } else {
                line.appendByte(next);
            }
        }
    }

    private void read(String line) {
        if (line.isEmpty()) {
            end();
            return;
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "" -> comment = value;
            case "id" -> id = value;
            case "event" -> event = value;
            case "data" ->
                data = data == null
                        ? new StringBuilder(value)
                        : data.append('\n').append(value);
            default -> {
                // retry, and what a later version may add, is for browsers
            }
        }
    }

    private void end() {
        if (data != null || comment != null) {
            events.accept(new ServerSentEvent(id, event, data == null ? null : data.toString(), comment));
        }
        id = null;
        event = null;
        data = null;
        comment = null;
    }
}
