@NullMarked
package org.vitrina.e2e.launcher;

import org.jspecify.annotations.NullMarked;
