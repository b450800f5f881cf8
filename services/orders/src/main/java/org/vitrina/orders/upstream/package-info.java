/** The other services as the saga sees them: guarded calls that end in a outcome. */
@NullMarked
package org.vitrina.orders.upstream;

import org.jspecify.annotations.NullMarked;
