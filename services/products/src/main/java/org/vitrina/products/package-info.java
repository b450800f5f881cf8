@NullMarked
package org.vitrina.products;

import org.jspecify.annotations.NullMarked;
