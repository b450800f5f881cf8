@NullMarked
package org.vitrina.persistence.idempotency;

import org.jspecify.annotations.NullMarked;
