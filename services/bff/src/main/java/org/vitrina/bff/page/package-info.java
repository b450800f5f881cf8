/** Pages put together from several dependencies within one time budget. */
@NullMarked
package org.vitrina.bff.page;

import org.jspecify.annotations.NullMarked;
