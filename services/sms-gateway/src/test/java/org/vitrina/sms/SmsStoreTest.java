package org.vitrina.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmsStoreTest {
    private final ObjectMapper json = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    @TempDir
    Path folder;

    @Test
    void stillKnowsAfterAKillWhatItAccepted() throws IOException {
        Path file = folder.resolve("sms/accepted.jsonl");
        Sms first = accept(store(file, 100), "k1", "r1");
        // killed in the midst of writing the next one
        Files.writeString(file, "{\"key\":\"k2\",\"sms\":{\"posi", StandardOpenOption.APPEND);

        SmsStore again = store(file, 100);

        assertThat(again.withClientRef("r1")).containsExactly(first);
        assertThat(again.size()).isEqualTo(1);
        assertThat(accept(again, "k1", "r1")).isEqualTo(first);
        Sms second = accept(again, "k2", "r2");
        assertThat(second.position()).isEqualTo(2);
        assertThat(store(file, 100).after(0, 10)).containsExactly(first, second);
    }

    @Test
    void forgetsTheOldestBeyondItsLimit() {
        SmsStore store = store(null, 2);
        accept(store, "k1", "r1");
        Sms second = accept(store, null, "r2");
        Sms third = accept(store, "k3", "r1");

        assertThat(store.after(0, 10)).containsExactly(second, third);
        assertThat(store.withClientRef("r1")).containsExactly(third);
        assertThat(accept(store, "k1", "r1").position()).isEqualTo(4);
    }

    @Test
    void nothingOfWhatWasErasedIsInTheFile() throws IOException {
        Path file = folder.resolve("accepted.jsonl");
        SmsStore store = store(file, 100);
        accept(store, "k1", "gone");
        Sms stays = accept(store, "k2", "stays");
        accept(store, null, "gone");

        store.erase("gone").await().atMost(Duration.ofSeconds(10));

        assertThat(store.after(0, 10)).containsExactly(stays);
        assertThat(Files.readString(file)).contains("k2").doesNotContain("gone", "k1");
        // what comes afterwards is kept, and known again
        Sms next = accept(store, "k4", "next");
        assertThat(next.position()).isEqualTo(4);
        assertThat(store(file, 100).after(0, 10)).containsExactly(stays, next);
        assertThat(accept(store, "k2", "stays")).isEqualTo(stays);
    }

    private SmsStore store(@Nullable Path file, int limit) {
        var store = new SmsStore(json, Optional.ofNullable(file), limit);
        store.open();
        return store;
    }

    private static Sms accept(SmsStore store, @Nullable String key, String reference) {
        return store.accept(key, new NewSms("+79001234567", "text", reference))
                .await()
                .atMost(Duration.ofSeconds(10))
                .sms();
    }
}
