/** The catalogue as the BFF sees it: pages and single products, guarded and cached. */
@NullMarked
package org.vitrina.bff.products;

import org.jspecify.annotations.NullMarked;
