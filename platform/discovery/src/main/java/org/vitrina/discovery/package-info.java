/** Replicas that no Kubernetes Service covers: registering as one, and choosing one for each call. */
@NullMarked
package org.vitrina.discovery;

import org.jspecify.annotations.NullMarked;
