package org.vitrina.bff.shop;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** A page as gzip (RFC 1952), piece by piece. */
final class GzipStream implements AutoCloseable {
    /** Deflate, without a name or a time, from a system that is not told. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** The block that is the last, without anything in it. */
    private static final byte[] LAST = {3, 0};

    private final GzipBlocks blocks = new GzipBlocks();
    private final CRC32 sum = new CRC32();
    private int size;
    private boolean begun;

    /**
     * What is sent for the pieces.
     *
     * @param last whether nothing comes after them
     */
    byte[] pieces(List<Markup> pieces, boolean last) {
        List<byte[]> sent = new ArrayList<>();
        if (!begun) {
            begun = true;
            sent.add(HEADER);
        }
        for (Markup piece : pieces) {
            sum.update(piece.plain());
            size += piece.plain().length;
            sent.add(piece.block(blocks));
        }
        if (last) {
            sent.add(LAST);
            sent.add(trailer());
        }
        return Markup.joined(sent);
    }

    private byte[] trailer() {
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) sum.getValue())
                .putInt(size)
                .array();
    }

    /** Frees what the compression holds; may be called again. */
    @Override
    public void close() {
        blocks.close();
    }
}
