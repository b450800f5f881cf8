/** What users can spend, what orders took of it, and the ledger that proves both. */
@NullMarked
package org.vitrina.wallet;

import org.jspecify.annotations.NullMarked;
