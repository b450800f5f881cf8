@NullMarked
package org.vitrina.orders;

import org.jspecify.annotations.NullMarked;
