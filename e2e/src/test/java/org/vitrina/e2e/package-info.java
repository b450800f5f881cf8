/** The packaged store from outside: faults, kills, overload, life and death of its processes. */
@NullMarked
package org.vitrina.e2e;

import org.jspecify.annotations.NullMarked;
