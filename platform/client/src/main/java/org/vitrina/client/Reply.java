package org.vitrina.client;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * What a dependency answered, whole.
 *
 * @param status below 500, except where the call judges it itself
 * @param body empty where there is none
 */
public record Reply(int status, MultiMap headers, Buffer body) {}
