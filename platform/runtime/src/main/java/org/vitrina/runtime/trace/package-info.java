/** Spans of what a process does for a request, an event or a message, sent as OTLP; off unless a collector is named. */
@NullMarked
package org.vitrina.runtime.trace;

import org.jspecify.annotations.NullMarked;
