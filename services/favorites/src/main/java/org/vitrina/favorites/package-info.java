@NullMarked
package org.vitrina.favorites;

import org.jspecify.annotations.NullMarked;
