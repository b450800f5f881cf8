/** Favorites as the BFF sees them: guarded, never cached. */
@NullMarked
package org.vitrina.bff.favorites;

import org.jspecify.annotations.NullMarked;
