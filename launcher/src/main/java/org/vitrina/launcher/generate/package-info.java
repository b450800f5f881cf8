/** Writes the lists of services that stand in files of other programs: Compose's, Maven's, the README. */
@NullMarked
package org.vitrina.launcher.generate;

import org.jspecify.annotations.NullMarked;
