/** Predictions, as the BFF shows them: guarded, never cached here, as the service has a cache of its own. */
@NullMarked
package org.vitrina.bff.predictions;

import org.jspecify.annotations.NullMarked;
