package org.vitrina.testing.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a stream session must know of the protocol that passes through it. */
interface Framing {
    /** The client's next piece that can be judged alone, or null at the end. */
    byte @Nullable [] readFromClient(InputStream in) throws IOException;

    /** The piece as the server is to get it under this fault. */
    default byte[] toServer(byte[] piece, Fault fault) {
        return piece;
    }

    /** Turns a new client away as the fault wants it; false if the client may stay. */
    default boolean reject(InputStream in, OutputStream out, Fault fault) throws IOException {
        return false;
    }

    /** What has arrived, or null at the end. */
    static byte @Nullable [] readSome(InputStream in) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        int length = in.read(buffer);
        return length < 0 ? null : Arrays.copyOf(buffer, length);
    }
}
