/** What a service is: the only reader of {@code services/<name>/service.yaml}. */
@NullMarked
package org.vitrina.launcher.spec;

import org.jspecify.annotations.NullMarked;
