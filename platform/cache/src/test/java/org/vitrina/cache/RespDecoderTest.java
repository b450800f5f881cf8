package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class RespDecoderTest {
    private final List<String> seen = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new RespDecoder(new Recorder(), 100));

    @Test
    void readsRepliesInWhateverPiecesTheyCome() {
        String replies = "+OK\r\n*3\r\n$3\r\na\r\n\r\n$-1\r\n$0\r\n\r\n-OOM no room\r\n:7\r\n";
        List<String> whole = List.of("+OK", "array 3", "[a\r\n]", "nil", "[]", "end", "-OOM no room", ":7");

        receive(replies);
        assertThat(seen).isEqualTo(whole);

        seen.clear();
        for (int i = 0; i < replies.length(); i++) {
            receive(replies.substring(i, i + 1));
        }
        assertThat(seen).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$3\r\nabc\r\n", // nobody asked for it
                "*1\r\n$3\r\nabcdefghij", // Vert.x' own parser never comes back from this one
                "*1\r\n$101\r\n",
                "*1\r\n$99999999999\r\n",
                "*1\r\n$-2\r\n",
                "*1\r\n$\r\n",
                "*1\r\n*1\r\n",
                "*1\r\n:1\r\n",
                "*0\r\n",
                "*4\r\n",
                "*-1\r\n",
                "HTTP/1.1 400 Bad Request\r\n",
                "\r\n\r\n",
                "+OK\n",
                "%1\r\n"
            })
    void takesAnythingElseForGarbage(String bytes) {
        assertThatThrownBy(() -> receive(bytes)).isInstanceOf(DecoderException.class);
        // what follows is not looked at any more
        int before = seen.size();
        receive("+OK\r\n");
        assertThat(seen).hasSize(before);
    }

    @Test
    void doesNotKeepALineWithoutEnd() {
        assertThatThrownBy(() -> receive("+" + "x".repeat(5000))).isInstanceOf(DecoderException.class);
    }

    @Test
    void endsOnAnyRandomBytes() {
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            EmbeddedChannel one = new EmbeddedChannel(new RespDecoder(new Recorder(), 100));
            byte[] bytes = new byte[64];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) "*$+-:0123\r\nab".charAt(random.nextInt(13));
            }
            try {
                one.writeInbound(Unpooled.wrappedBuffer(bytes));
            } catch (DecoderException garbage) {
                assertThat(garbage).isNotNull();
            }
            one.finishAndReleaseAll();
        }
    }

    private void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
    }

    private final class Recorder implements ReplySink {
        @Override
        public int expected() {
            return 0;
        }

        @Override
        public void line(char type, String text) {
            seen.add(type + text);
        }

        @Override
        public boolean array(int size) {
            seen.add("array " + size);
            return size <= 3;
        }

        @Override
        public void element(@Nullable ByteBuf value) {
            seen.add(value == null ? "nil" : "[" + value.toString(StandardCharsets.US_ASCII) + "]");
        }

        @Override
        public void arrayEnd() {
            seen.add("end");
        }
    }
}
