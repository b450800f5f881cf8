/** A stand-in for patients: rows of the diabetes data, sent to be predicted, and their truth to be compared with. */
@NullMarked
package org.vitrina.features;

import org.jspecify.annotations.NullMarked;
