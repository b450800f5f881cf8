/** Who sends a request, what they may do, and how a service says who it is itself. */
@NullMarked
package org.vitrina.identity;

import org.jspecify.annotations.NullMarked;
