/** Stock levels as the BFF sees them: one batch call or one call a product, guarded and cached. */
@NullMarked
package org.vitrina.bff.inventory;

import org.jspecify.annotations.NullMarked;
