@NullMarked
package org.vitrina.bff;

import org.jspecify.annotations.NullMarked;
