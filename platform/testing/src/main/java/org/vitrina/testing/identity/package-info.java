/** Tokens, good and bad, and what each operation of a service has to say to them. */
@NullMarked
package org.vitrina.testing.identity;

import org.jspecify.annotations.NullMarked;
