/** What people see of the shop: pages of HTML, streamed part by part, plain forms, and the text form of {@code /}. */
@NullMarked
package org.vitrina.bff.shop;

import org.jspecify.annotations.NullMarked;
