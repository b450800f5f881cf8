package org.vitrina.stream;

import java.util.List;

/**
 * An exchange that copies each message to all of its queues; both are durable and made by whoever comes first, so that
 * nothing is dropped because a receiver has never run yet.
 */
public record FanOutExchange(String exchange, List<String> queues) {}
