@NullMarked
package org.vitrina.persistence.trail;

import org.jspecify.annotations.NullMarked;
