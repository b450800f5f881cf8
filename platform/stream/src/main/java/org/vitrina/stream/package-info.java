/**
 * Queues that are read in batches by a service that keeps nothing of its own about a message: it is answered, or it is a dead
 * letter, or it stays with the broker (ADR 0022). Also what every client of the broker has in common.
 *
 * <p>No health check asks the broker: no request needs it.
 */
@NullMarked
package org.vitrina.stream;

import org.jspecify.annotations.NullMarked;
