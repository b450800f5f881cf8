/** One SMS an event, whatever happens: a state machine in a table between the orders' events and the provider. */
@NullMarked
package org.vitrina.notifications;

import org.jspecify.annotations.NullMarked;
