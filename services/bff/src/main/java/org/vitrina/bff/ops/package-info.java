/** What operators see: breakers, calls, caches, limits. */
@NullMarked
package org.vitrina.bff.ops;

import org.jspecify.annotations.NullMarked;
