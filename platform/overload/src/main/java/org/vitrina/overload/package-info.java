/**
 * How many requests are served at once, a limit that follows how busy and how late the event loops are, and how long those
 * beyond it wait.
 */
@NullMarked
package org.vitrina.overload;

import org.jspecify.annotations.NullMarked;
