@NullMarked
package org.vitrina.http;

import org.jspecify.annotations.NullMarked;
