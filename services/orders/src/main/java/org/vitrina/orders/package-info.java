/** Orders: placed once, completed or undone whatever is killed, told to those who want to know. */
@NullMarked
package org.vitrina.orders;

import org.jspecify.annotations.NullMarked;
