package org.vitrina.messaging;

import io.vertx.core.buffer.Buffer;

/**
 * The content of a message that lies in one of the service's own tables.
 *
 * @param key of its row
 */
record StoredBody<K>(K key, Buffer content) {}
