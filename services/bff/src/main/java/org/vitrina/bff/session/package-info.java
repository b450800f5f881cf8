/** Who asks the BFF: sessions of browsers, tokens of programs, and what each of them may. */
@NullMarked
package org.vitrina.bff.session;

import org.jspecify.annotations.NullMarked;
