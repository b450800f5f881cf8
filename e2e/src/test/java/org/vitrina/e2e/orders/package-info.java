/**
 * The proof that orders, money, stock and messages survive whatever is killed or frozen, and whenever: real processes, real
 * customers, every named crash point, and the sum of everything at the end.
 */
@NullMarked
package org.vitrina.e2e.orders;

import org.jspecify.annotations.NullMarked;
