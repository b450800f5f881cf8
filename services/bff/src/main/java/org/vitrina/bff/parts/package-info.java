/** Parts of the page that teams declare by configuration alone ({@code vitrina.page.parts.<name>}). */
@NullMarked
package org.vitrina.bff.parts;

import org.jspecify.annotations.NullMarked;
