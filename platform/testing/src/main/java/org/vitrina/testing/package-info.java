/** What the modules' tests share: real servers that can be frozen and killed, contract and architecture checks. */
@NullMarked
package org.vitrina.testing;

import org.jspecify.annotations.NullMarked;
