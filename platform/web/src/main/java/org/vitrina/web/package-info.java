@NullMarked
package org.vitrina.web;

import org.jspecify.annotations.NullMarked;
