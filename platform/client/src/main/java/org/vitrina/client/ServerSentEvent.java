package org.vitrina.client;

import org.jspecify.annotations.Nullable;

/**
 * One block of a stream of server-sent events (WHATWG HTML, 9.2).
 *
 * @param id null where the block has none, as all the others
 * @param data its lines joined by line feeds
 * @param comment of a heartbeat; such a block has no data
 */
public record ServerSentEvent(
        @Nullable String id, @Nullable String event, @Nullable String data, @Nullable String comment) {}
