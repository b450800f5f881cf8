package org.vitrina.bff.shop;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a page as it is sent, in UTF-8: no copy is made, and nobody changes it. */
final class Markup {
    private final byte[] plain;
    private final byte @Nullable [] block;

    private Markup(byte[] plain, byte @Nullable [] block) {
        this.plain = plain;
        this.block = block;
    }

    static Markup of(String text) {
        return new Markup(text.getBytes(StandardCharsets.UTF_8), null);
    }

    /** The same, compressed once for all the pages that it will stand in. */
    Markup compressed(GzipBlocks blocks) {
        return new Markup(plain, blocks.of(plain));
    }

    byte[] plain() {
        return plain;
    }

    /** What stands for it in a compressed page. */
    byte[] block(GzipBlocks blocks) {
        return block == null ? blocks.of(plain) : block;
    }

    /** How many bytes of memory it holds. */
    int held() {
        return plain.length + (block == null ? 0 : block.length);
    }

    static byte[] joined(List<byte[]> parts) {
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
