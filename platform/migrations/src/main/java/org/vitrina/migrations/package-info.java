@NullMarked
package org.vitrina.migrations;

import org.jspecify.annotations.NullMarked;
