/** The data that the prediction pipeline starts with. */
@NullMarked
package org.vitrina.diabetes;

import org.jspecify.annotations.NullMarked;
