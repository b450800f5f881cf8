package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The commands of Redis that are sent, as their bytes (RESP2). */
final class RedisProtocol implements Protocol {
    private static final byte[] MGET = bytes("MGET");
    private static final byte[] SET = bytes("SET");
    private static final byte[] PX = bytes("PX");
    private static final byte[] DEL = bytes("DEL");

    @Override
    public ByteBuf get(Channel line, byte[] prefix, List<String> keys) {
        ByteBuf out = line.alloc().buffer(32 + keys.size() * (prefix.length + 24));
        RespDecoder.arrayHeader(out, keys.size() + 1);
        RespDecoder.bulk(out, MGET);
        for (String key : keys) {
            RespDecoder.bulk(out, prefix, key.getBytes(StandardCharsets.UTF_8));
        }
        return out;
    }

    @Override
    public ByteBuf set(Channel line, List<byte[]> keys, List<byte[]> values, List<Long> lifeMs) {
        int size = 0;
        for (byte[] value : values) {
            size += value.length + 128;
        }
        ByteBuf out = line.alloc().buffer(size);
        for (int i = 0; i < keys.size(); i++) {
            RespDecoder.arrayHeader(out, 5);
            RespDecoder.bulk(out, SET);
            RespDecoder.bulk(out, keys.get(i));
            RespDecoder.bulk(out, values.get(i));
            RespDecoder.bulk(out, PX);
            RespDecoder.bulk(out, bytes(Long.toString(Math.max(1, lifeMs.get(i)))));
        }
        return out;
    }

    @Override
    public ByteBuf delete(Channel line, byte[] key) {
        return words(line, List.of(DEL, key));
    }

    @Override
    public ChannelHandler decoder(ReplySink sink, int largestValue) {
        return new RespDecoder(sink, largestValue);
    }

    static ByteBuf words(Channel line, List<byte[]> words) {
        ByteBuf out = line.alloc().buffer(64);
        RespDecoder.arrayHeader(out, words.size());
        for (byte[] word : words) {
            RespDecoder.bulk(out, word);
        }
        return out;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
