/** What a user is about to buy. */
@NullMarked
package org.vitrina.cart;

import org.jspecify.annotations.NullMarked;
