/** What customers were told, as the BFF shows it: guarded, never cached. */
@NullMarked
package org.vitrina.bff.notifications;

import org.jspecify.annotations.NullMarked;
