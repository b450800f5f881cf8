package org.vitrina.inventory;

import java.util.List;
import java.util.UUID;

/** What is kept for an order, by product id. */
record Reservation(UUID orderId, List<Item> items) {}
