package org.vitrina.bff.shop;

import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses pieces of a page to blocks of deflate (RFC 1951) that refer to nothing before them and end with a whole byte: each can
 * be read as soon as it has come, and may stand in every page, after whatever comes before it there.
 */
final class GzipBlocks implements AutoCloseable {
    /** What is shorter stands there as it is: zlib would take memory of its own and save nothing. */
    private static final int SMALL = 100;

    /** A kind of block (stored), and its length twice. */
    private static final int HEAD_OF_STORED = 5;

    private @Nullable Deflater deflater;

    byte[] of(byte[] plain) {
        return plain.length < SMALL ? stored(plain) : deflated(plain);
    }

    private static byte[] stored(byte[] plain) {
        byte[] block = new byte[HEAD_OF_STORED + plain.length];
        block[1] = (byte) plain.length;
        block[3] = (byte) ~plain.length;
        block[4] = (byte) 0xff;
        System.arraycopy(plain, 0, block, HEAD_OF_STORED, plain.length);
        return block;
    }

    private byte[] deflated(byte[] plain) {
        Deflater zlib = deflater;
        if (zlib == null) {
            zlib = new Deflater(Deflater.BEST_SPEED, true);
            deflater = zlib;
        }
        zlib.setInput(plain);
        byte[] block = new byte[64 + plain.length / 2];
        int length = 0;
        while (true) {
            length += zlib.deflate(block, length, block.length - length, Deflater.FULL_FLUSH);
            if (length < block.length) {
                return Arrays.copyOf(block, length);
            }
            block = Arrays.copyOf(block, block.length * 2);
        }
    }

    /** Frees what zlib holds; may be called again. */
    @Override
    public void close() {
        if (deflater != null) {
            deflater.end();
        }
    }
}
