package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The meta commands of memcached 1.6 ({@code mg}, {@code ms}, {@code md}; memcached's doc/protocol.txt). Each key of a
 * look-up is a command of its own and has a reply of its own; all leave in one write.
 */
final class MemcachedProtocol implements Protocol {
    private static final int LONGEST_KEY = 250;
    /** A longer time would be taken for an instant. */
    private static final long LONGEST_LIFE_SECONDS = TimeUnit.DAYS.toSeconds(30);

    @Override
    public ByteBuf get(Channel line, byte[] prefix, List<String> keys) {
        ByteBuf out = line.alloc().buffer(keys.size() * (prefix.length + 32));
        for (String key : keys) {
            out.writeBytes(ascii("mg ")).writeBytes(name(prefix, key)).writeBytes(ascii(" v\r\n"));
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
            // whole seconds only: up, for zero is for ever; the entry itself says how long it is fresh
            long seconds = Math.clamp((lifeMs.get(i) + 999) / 1000, 1, LONGEST_LIFE_SECONDS);
            out.writeBytes(ascii("ms ")).writeBytes(keys.get(i));
            out.writeBytes(ascii(" " + values.get(i).length + " T" + seconds + "\r\n"));
            out.writeBytes(values.get(i)).writeBytes(ascii("\r\n"));
        }
        return out;
    }

    @Override
    public ByteBuf delete(Channel line, byte[] key) {
        return line.alloc().buffer().writeBytes(ascii("md ")).writeBytes(key).writeBytes(ascii("\r\n"));
    }

    @Override
    public ChannelHandler decoder(ReplySink sink, int largestValue) {
        return new MemcachedDecoder(sink, largestValue);
    }

    /** A key that memcached does not take (blanks, control characters, too long) is kept under its digest. */
    @Override
    public byte[] name(byte[] prefix, String key) {
        byte[] name = Protocol.super.name(prefix, key);
        boolean plain = name.length <= LONGEST_KEY;
        for (int i = 0; plain && i < name.length; i++) {
            plain = name[i] > ' ' && name[i] != 0x7f;
        }
        if (plain) {
            return name;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name);
            return ascii("digest:" + HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
