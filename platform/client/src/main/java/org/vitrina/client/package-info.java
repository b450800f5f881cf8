@NullMarked
package org.vitrina.client;

import org.jspecify.annotations.NullMarked;
