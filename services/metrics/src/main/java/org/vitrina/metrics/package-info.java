/** How wrong the predictions are: truths and predictions in pairs, and the absolute error over time. */
@NullMarked
package org.vitrina.metrics;

import org.jspecify.annotations.NullMarked;
