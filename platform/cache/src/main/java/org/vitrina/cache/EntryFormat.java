package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one copy outside the process: magic, format, flags (1: known not to exist), stored-at and fresh-until
 * (wall clock, milliseconds, big-endian), CRC-32C of the payload, payload. What does not fit is nobody's: a miss.
 */
final class EntryFormat {
    static final int HEADER = 23;
    private static final byte MAGIC = 'V';
    private static final byte FORMAT = 1;
    private static final byte NEGATIVE = 1;

    private EntryFormat() {}

    static <V> byte[] encode(CacheEntry<V> entry, Codec<V> codec) {
        byte[] payload = entry.value() == null ? new byte[0] : codec.encode(entry.value());
        byte[] bytes = new byte[HEADER + payload.length];
        ByteBuffer.wrap(bytes)
                .put(MAGIC)
                .put(FORMAT)
                .put(entry.value() == null ? NEGATIVE : 0)
                .putLong(entry.storedAt())
                .putLong(entry.freshUntil())
                .putInt(checksum(payload))
                .put(payload);
        return bytes;
    }

    static <V> @Nullable CacheEntry<V> decode(ByteBuf in, Codec<V> codec) {
        if (in.readableBytes() < HEADER || in.readByte() != MAGIC || in.readByte() != FORMAT) {
            return null;
        }
        byte flags = in.readByte();
        long storedAt = in.readLong();
        long freshUntil = in.readLong();
        int checksum = in.readInt();
        byte[] payload = new byte[in.readableBytes()];
        in.readBytes(payload);
        if (checksum(payload) != checksum) {
            return null;
        }
        if (flags == NEGATIVE) {
            return new CacheEntry<>(null, storedAt, freshUntil);
        }
        try {
            return new CacheEntry<>(codec.decode(payload), storedAt, freshUntil);
        } catch (RuntimeException unknownToTheCodec) {
            return null;
        }
    }

    private static int checksum(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }
}
