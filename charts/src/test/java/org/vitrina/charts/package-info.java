/** Tests of the Helm chart: what it renders, without a cluster. */
@NullMarked
package org.vitrina.charts;

import org.jspecify.annotations.NullMarked;
