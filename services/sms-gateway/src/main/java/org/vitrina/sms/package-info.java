/** A stand-in for an SMS provider outside: takes messages, remembers them, and fails in every way on request. */
@NullMarked
package org.vitrina.sms;

import org.jspecify.annotations.NullMarked;
