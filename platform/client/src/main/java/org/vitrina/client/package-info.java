/**
 * Calls to other services: a scope that owns time limit and cancel, an upstream that counts and budgets, a transport.
 *
 * <p>The order of the layers around one call, outermost first, is fixed (ADR 0008): {@link
 * org.vitrina.client.Upstream#call accounting}, circuit breaker, retry, backstop timeout, {@link
 * org.vitrina.client.GuardedCall#attempt one attempt} inside the {@link org.vitrina.client.CallScope scope's} cancelling limit.
 */
@NullMarked
package org.vitrina.client;

import org.jspecify.annotations.NullMarked;
