/** The cart as the BFF sees it: guarded, never cached. */
@NullMarked
package org.vitrina.bff.cart;

import org.jspecify.annotations.NullMarked;
