/** Words that every part of Vitrina shares: deadline, problem, money, ids. No framework. */
@NullMarked
package org.vitrina.core;

import org.jspecify.annotations.NullMarked;
