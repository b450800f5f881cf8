/** A scripted HTTP service for tests of what calls it. */
@NullMarked
package org.vitrina.testing.http;

import org.jspecify.annotations.NullMarked;
