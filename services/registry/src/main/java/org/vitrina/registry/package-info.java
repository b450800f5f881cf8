/** The registry of replicas: who registers, renews and leaves, and who is told of it. */
@NullMarked
package org.vitrina.registry;

import org.jspecify.annotations.NullMarked;
