package org.vitrina.bff.shop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses a text piece by piece: each piece can be read as soon as it has come, without the next. */
final class GzipStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    private final GZIPOutputStream zip;

    GzipStream() {
        try {
            zip = new Fast(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] piece(byte[] markup) {
        try {
            zip.write(markup);
            zip.flush();
            return taken();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of it; also frees what the compression holds, and may be called again. */
    byte[] end() {
        try {
            zip.close();
            return taken();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] taken() {
        byte[] taken = bytes.toByteArray();
        bytes.reset();
        return taken;
    }

    private static final class Fast extends GZIPOutputStream {
        Fast(ByteArrayOutputStream out) throws IOException {
            super(out, 4096, true);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
