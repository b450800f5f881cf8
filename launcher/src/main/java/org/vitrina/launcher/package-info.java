@NullMarked
package org.vitrina.launcher;

import org.jspecify.annotations.NullMarked;
