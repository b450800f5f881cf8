@NullMarked
package org.vitrina.messaging;

import org.jspecify.annotations.NullMarked;
