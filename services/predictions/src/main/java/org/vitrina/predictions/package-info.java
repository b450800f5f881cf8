/** Predictions for products, requests and users: what the model says, kept and served. */
@NullMarked
package org.vitrina.predictions;

import org.jspecify.annotations.NullMarked;
