/**
 * Events between services that are neither lost nor acted on twice: a transactional outbox with its relay, a memory of
 * what was handled, queues with retries and dead letters.
 *
 * <p>The tables are brought by change sets of this module ({@code db/platform}). A service lists those that it uses in its own
 * change log ({@code NNNN-platform.txt}): {@code outbox} where it sends events, {@code handled_event} where it acts on them
 * ({@link org.vitrina.messaging.HandledEvents}), {@code parked_message} and {@code outbox} where it consumes queues, since dead
 * letters leave by the outbox. Only this module writes them; a service's SQL calls {@code add_to_outbox}.
 *
 * <p>No health check asks the broker: with outbox and queues no request needs it.
 */
@NullMarked
package org.vitrina.messaging;

import org.jspecify.annotations.NullMarked;
