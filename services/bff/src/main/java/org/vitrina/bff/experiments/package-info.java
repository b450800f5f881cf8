/** Experiments: which users are served by which release of a service, and how that fares. */
@NullMarked
package org.vitrina.bff.experiments;

import org.jspecify.annotations.NullMarked;
