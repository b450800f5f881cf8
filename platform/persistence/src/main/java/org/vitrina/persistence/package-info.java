@NullMarked
package org.vitrina.persistence;

import org.jspecify.annotations.NullMarked;
