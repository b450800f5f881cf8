/** The backend-for-frontend: puts each page together from small services within a fixed time budget. */
@NullMarked
package org.vitrina.bff;

import org.jspecify.annotations.NullMarked;
