@NullMarked
package org.vitrina.cart;

import org.jspecify.annotations.NullMarked;
