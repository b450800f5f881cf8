/** How much of each product can still be sold: read from PostgreSQL, or made up as the seed's inventory does. */
@NullMarked
package org.vitrina.inventory;

import org.jspecify.annotations.NullMarked;
