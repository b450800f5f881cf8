/** The products that a user marked. */
@NullMarked
package org.vitrina.favorites;

import org.jspecify.annotations.NullMarked;
