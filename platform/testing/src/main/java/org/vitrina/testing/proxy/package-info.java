/** A proxy that stands in front of a real server and breaks it on demand. */
@NullMarked
package org.vitrina.testing.proxy;

import org.jspecify.annotations.NullMarked;
