/** PostgreSQL as every service uses it: bounded pool, quick recovery, one sentence for every failure. */
@NullMarked
package org.vitrina.persistence;

import org.jspecify.annotations.NullMarked;
