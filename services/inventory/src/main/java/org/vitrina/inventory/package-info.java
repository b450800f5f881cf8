@NullMarked
package org.vitrina.inventory;

import org.jspecify.annotations.NullMarked;
