/** A configuration mapping compared with what is recorded of it. */
@NullMarked
package org.vitrina.testing.config;

import org.jspecify.annotations.NullMarked;
