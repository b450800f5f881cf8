@NullMarked
package org.vitrina.cache;

import org.jspecify.annotations.NullMarked;
