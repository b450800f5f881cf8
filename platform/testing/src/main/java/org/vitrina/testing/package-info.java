@NullMarked
package org.vitrina.testing;

import org.jspecify.annotations.NullMarked;
