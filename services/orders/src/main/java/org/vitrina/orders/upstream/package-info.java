/** The other services as the saga sees them: guarded calls that end in an outcome. */
@NullMarked
package org.vitrina.orders.upstream;

import org.jspecify.annotations.NullMarked;
