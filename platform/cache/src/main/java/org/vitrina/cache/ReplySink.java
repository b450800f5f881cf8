package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Where replies go, each in the order of the commands. */
interface ReplySink {
    /** How many keys the oldest command without a reply looks up; zero where it is none of that kind. */
    int expected();

    /** A reply of one line: {@code type} is '+', '-' or ':'. */
    void line(char type, String text);

    /** An array begins; false where none, or none of this size, was asked for. */
    boolean array(int size);

    /** Its next element, valid during the call only; null for "no such key". */
    void element(@Nullable ByteBuf value);

    void arrayEnd();
}
