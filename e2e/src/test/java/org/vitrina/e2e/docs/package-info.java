/** What is written from the sources and has to agree with them. */
@NullMarked
package org.vitrina.e2e.docs;

import org.jspecify.annotations.NullMarked;
