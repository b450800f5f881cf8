/** The wallet as the BFF sees it: guarded, never cached; no way to a debit. */
@NullMarked
package org.vitrina.bff.wallet;

import org.jspecify.annotations.NullMarked;
