package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static final String STREAM =
            """
            retry: 1000

            id: 4
            event: order
            data: {"status":"pending","to":"Москва"}

            : still here

            id:5
            data:first
            data: second

            unknown: field
            data

            data: never ended""";

    private final List<ServerSentEvent> events = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final EventReader reader = new EventReader(64, events::add, failures::add);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10_000})
    void readsEventsWhereverTheChunksEnd(int chunk) {
        read(STREAM, chunk);

        assertThat(failures).isEmpty();
        assertThat(events)
                .containsExactly(
                        new ServerSentEvent("4", "order", "{\"status\":\"pending\",\"to\":\"Москва\"}", null),
                        new ServerSentEvent(null, null, null, "still here"),
                        new ServerSentEvent("5", null, "first\nsecond", null),
                        new ServerSentEvent(null, null, "", null));
    }

    @Test
    void takesCarriageReturnsForPartOfTheLinesEnd() {
        read("id: 1\r\ndata: x\r\n\r\n", 10_000);

        assertThat(events).containsExactly(new ServerSentEvent("1", null, "x", null));
    }

    @Test
    void failsAtALineThatIsTooLong() {
        read("data: " + "x".repeat(100) + "\n\n", 10);

        assertThat(failures).isNotEmpty();
        assertThat(events).isEmpty();
    }

    private void read(String stream, int chunk) {
        Buffer bytes = Buffer.buffer(stream.getBytes(StandardCharsets.UTF_8));
        for (int at = 0; at < bytes.length(); at += chunk) {
            reader.read(bytes.getBuffer(at, Math.min(bytes.length(), at + chunk)));
        }
    }
}
