/** Predictions: from queue to exchange, by the versions of the model that are to be used. */
@NullMarked
package org.vitrina.model;

import org.jspecify.annotations.NullMarked;
