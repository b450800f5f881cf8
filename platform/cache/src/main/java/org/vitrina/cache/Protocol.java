package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** How a server is spoken to. Commands may be sent one after another without waiting; replies come in their order. */
interface Protocol {

    /** One look-up of many keys; its reply is an array of as many elements. */
    ByteBuf get(Channel line, byte[] prefix, List<String> keys);

    /** Each value is kept for its number of milliseconds at most and answered by one line. */
    ByteBuf set(Channel line, List<byte[]> keys, List<byte[]> values, List<Long> lifeMs);

    /** Answered by one line. */
    ByteBuf delete(Channel line, byte[] key);

    /** Reads what comes from the server; throws for what is no reply of its commands. */
    ChannelHandler decoder(ReplySink sink, int largestValue);

    /** The bytes under which the server keeps a key. */
    default byte[] name(byte[] prefix, String key) {
        byte[] own = key.getBytes(StandardCharsets.UTF_8);
        byte[] name = Arrays.copyOf(prefix, prefix.length + own.length);
        System.arraycopy(own, 0, name, prefix.length, own.length);
        return name;
    }
}
