package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EntryFormatTest {
    private static final Codec<String> TEXT = Codec.of(text -> text.getBytes(StandardCharsets.UTF_8), bytes -> {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.equals("unreadable")) {
            throw new IllegalArgumentException();
        }
        return text;
    });

    @Test
    void givesBackWhatItWasGiven() {
        assertThat(decoded(EntryFormat.encode(new CacheEntry<>("Кот", 5, 7), TEXT)))
                .isEqualTo(new CacheEntry<>("Кот", 5, 7));
        assertThat(decoded(EntryFormat.encode(new CacheEntry<>("", 5, 7), TEXT)))
                .isEqualTo(new CacheEntry<>("", 5, 7));
        assertThat(decoded(EntryFormat.encode(new CacheEntry<String>(null, 5, 7), TEXT)))
                .isEqualTo(new CacheEntry<>(null, 5, 7));
    }

    @Test
    void takesForeignAndDamagedBytesForNothing() {
        byte[] bytes = EntryFormat.encode(new CacheEntry<>("value", 5, 7), TEXT);
        assertThat(decoded(new byte[0])).isNull();
        assertThat(decoded("something else, written by somebody else".getBytes(StandardCharsets.UTF_8)))
                .isNull();
        assertThat(decoded(java.util.Arrays.copyOf(bytes, bytes.length - 1))).isNull();
        assertThat(decoded(java.util.Arrays.copyOf(bytes, EntryFormat.HEADER - 1)))
                .isNull();
        bytes[bytes.length - 1] ^= 1;
        assertThat(decoded(bytes)).isNull();
    }

    @Test
    void takesWhatTheCodecDoesNotKnowForNothing() {
        assertThat(decoded(EntryFormat.encode(new CacheEntry<>("unreadable", 5, 7), TEXT)))
                .isNull();
    }

    private static @Nullable CacheEntry<String> decoded(byte[] bytes) {
        return EntryFormat.decode(Unpooled.wrappedBuffer(bytes), TEXT);
    }
}
