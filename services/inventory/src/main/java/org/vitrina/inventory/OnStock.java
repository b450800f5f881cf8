package org.vitrina.inventory;

import org.vitrina.http.ETags;

/**
 * What the warehouse has of a product.
 *
 * @param onHand pieces counted there, reserved ones included
 * @param reserved pieces of these that orders have reserved
 */
record OnStock(int onHand, int reserved) {
    /** What is on hand is its own version: whoever has seen it has seen all that a new count replaces. */
    String etag() {
        return ETags.of(onHand);
    }
}
