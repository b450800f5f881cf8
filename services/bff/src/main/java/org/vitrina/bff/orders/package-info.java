/** Orders as the BFF sees them: guarded, handed on with their versions and keys, never cached. */
@NullMarked
package org.vitrina.bff.orders;

import org.jspecify.annotations.NullMarked;
