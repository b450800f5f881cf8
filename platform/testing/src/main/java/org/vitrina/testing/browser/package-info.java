/** A real browser for tests of pages. */
@NullMarked
package org.vitrina.testing.browser;

import org.jspecify.annotations.NullMarked;
