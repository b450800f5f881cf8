package org.vitrina.cache;

import org.jspecify.annotations.Nullable;

/** What was sent and not answered yet; one that expired keeps its place, for its answer may still come. */
final class ServerCommand {
    private static final long NOT_SENT = Long.MIN_VALUE;

    final @Nullable Lookup lookup;
    final int keys;
    int replies;
    int next;
    boolean expired;
    boolean failed;
    private final @Nullable Runnable written;
    private long sentAt = NOT_SENT;
    private boolean ended;

    private ServerCommand(@Nullable Lookup lookup, @Nullable Runnable written, int keys, int replies) {
        this.lookup = lookup;
        this.written = written;
        this.keys = keys;
        this.replies = replies;
    }

    static ServerCommand read(Lookup lookup, int keys) {
        return new ServerCommand(lookup, null, keys, 1);
    }

    static ServerCommand write(Runnable written, int replies) {
        return new ServerCommand(null, written, 0, replies);
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
