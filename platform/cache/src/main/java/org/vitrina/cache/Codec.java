package org.vitrina.cache;

import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Turns a value into the bytes that are kept and back. {@code decode} may throw on bytes it does not know: that
 * counts as a miss. The arrays are not copied on the way, so neither side may change one afterwards.
 */
public interface Codec<V> {
    byte[] encode(V value);

    V decode(byte[] bytes);

    /** Values that are the bytes sent to the caller: a hit costs no parsing. */
    static Codec<byte[]> bytes() {
        return of(UnaryOperator.identity(), UnaryOperator.identity());
    }

    static Codec<Buffer> buffer() {
        return of(Buffer::getBytes, Buffer::buffer);
    }

    static <V> Codec<V> of(Function<V, byte[]> encode, Function<byte[], V> decode) {
        return new Codec<>() {
            @Override
            public byte[] encode(V value) {
                return encode.apply(value);
            }

            @Override
            public V decode(byte[] bytes) {
                return decode.apply(bytes);
            }
        };
    }
}
