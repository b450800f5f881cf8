/** Embedded PostgreSQL, Redis and broker as processes that tests and the launcher start, freeze and kill. */
@NullMarked
package org.vitrina.servers;

import org.jspecify.annotations.NullMarked;
