/** A process from start to end: its configuration is checked, dependencies are awaited, tasks recur, requests are drained. */
@NullMarked
package org.vitrina.runtime;

import org.jspecify.annotations.NullMarked;
