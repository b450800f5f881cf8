/** Every way in which the fault proxy breaks a server, seen by real clients and real servers. */
@NullMarked
package org.vitrina.testing.proxy;

import org.jspecify.annotations.NullMarked;
