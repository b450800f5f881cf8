/** What the guarded clients share: settings, construction, the user who asks, how their failures become problems. */
@NullMarked
package org.vitrina.bff.upstream;

import org.jspecify.annotations.NullMarked;
