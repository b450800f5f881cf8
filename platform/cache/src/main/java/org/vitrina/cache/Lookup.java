package org.vitrina.cache;

import io.netty.buffer.ByteBuf;

/** What becomes of a look-up on a server. */
interface Lookup {
    /** {@code value} is valid during the call only. */
    void found(int index, ByteBuf value);

    /** Once, after the last {@link #found}, answered or not. */
    void done();
}
