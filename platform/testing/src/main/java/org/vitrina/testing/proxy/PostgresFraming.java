package org.vitrina.testing.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The start of the PostgreSQL protocol 3.0, as far as it takes to refuse a session; the rest passes as it is. */
final class PostgresFraming implements Framing {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    @Override
    public byte @Nullable [] readFromClient(InputStream in) throws IOException {
        return Framing.readSome(in);
    }

    @Override
    public boolean reject(InputStream in, OutputStream out, Fault fault) throws IOException {
        if (!(fault instanceof Fault.PostgresRefusal refusal)) {
            return false;
        }
        DataInputStream data = new DataInputStream(in);
        while (true) {
            int length = data.readInt();
            int code = data.readInt();
            data.skipNBytes(Math.max(0, length - 8));
            if (code != SSL_REQUEST && code != GSS_REQUEST) {
                out.write(error(refusal));
                return true;
            }
            out.write('N');
        }
    }

    /** Message {@code ErrorResponse}: fields severity (twice), SQLSTATE and text. */
    private static byte[] error(Fault.PostgresRefusal refusal) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        for (String field : new String[] {"SFATAL", "VFATAL", "C" + refusal.sqlState(), "M" + refusal.message()}) {
            fields.writeBytes(field.getBytes(StandardCharsets.UTF_8));
            fields.write(0);
        }
        fields.write(0);
        return ByteBuffer.allocate(5 + fields.size())
                .put((byte) 'E')
                .putInt(4 + fields.size())
                .put(fields.toByteArray())
                .array();
    }
}
