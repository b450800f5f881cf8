package org.vitrina.orders;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A page of a user's orders, newest first.
 *
 * @param fingerprint of the whole collection, not of the page; good for {@code If-Match} too
 */
@Schema(name = "Orders")
record OrdersView(List<OrderView> orders, String fingerprint) {}
