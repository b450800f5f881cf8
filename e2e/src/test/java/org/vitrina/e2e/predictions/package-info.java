/** The prediction pipeline as real processes, from a row of the data to its error. */
@NullMarked
package org.vitrina.e2e.predictions;

import org.jspecify.annotations.NullMarked;
