/**
 * Calls to other services: a scope that owns time limit and cancel, an upstream that counts and budgets, a transport.
 *
 * <p>The layers around one call, outermost first: {@link org.vitrina.client.Accounted accounting}, retry, circuit breaker,
 * backstop timeout, {@link org.vitrina.client.GuardedCall#attempt one try} inside the {@link org.vitrina.client.CallScope
 * scope's} cancelling limit. A client has them on one method.
 */
@NullMarked
package org.vitrina.client;

import org.jspecify.annotations.NullMarked;
