package org.vitrina.cache;

import org.jspecify.annotations.Nullable;

/** What was sent and not answered yet; one that expired keeps its place, for its answer may still come. */
final class RedisCommand {
    private static final long NOT_SENT = Long.MIN_VALUE;

    final RedisPipeline.@Nullable Lookup lookup;
    final int keys;
    int replies;
    int next;
    boolean expired;
    boolean failed;
    private final @Nullable Runnable written;
    private long sentAt = NOT_SENT;
    private boolean ended;

    private RedisCommand(RedisPipeline.@Nullable Lookup lookup, @Nullable Runnable written, int keys, int replies) {
        this.lookup = lookup;
        this.written = written;
        this.keys = keys;
        this.replies = replies;
    }

    static RedisCommand read(RedisPipeline.Lookup lookup, int keys) {
        return new RedisCommand(lookup, null, keys, 1);
    }

    static RedisCommand write(Runnable written, int replies) {
        return new RedisCommand(null, written, 0, replies);
    }

    void sent(long now) {
        sentAt = now;
    }

    boolean isSent() {
        return sentAt != NOT_SENT;
    }

    long sentAt() {
        return sentAt;
    }

    boolean isOverdue(long sentBefore) {
        return !expired && isSent() && sentAt - sentBefore <= 0;
    }

    void end() {
        if (!ended) {
            ended = true;
            if (lookup != null) {
                lookup.done();
            } else if (written != null) {
                written.run();
            }
        }
    }
}
