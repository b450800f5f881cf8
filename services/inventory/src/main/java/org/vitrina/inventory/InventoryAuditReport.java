package org.vitrina.inventory;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.runtime.AuditReport;

/**
 * What an audit of the stock added up.
 *
 * @param consistent whether everything agrees
 * @param products how many have a level
 * @param onHand pieces in the warehouse
 * @param reserved pieces of those that are kept for orders
 * @param sold pieces that have left the warehouse for orders
 * @param held reservations that wait for their commit
 * @param committed reservations that are for good
 * @param expired reservations whose time was over
 * @param released reservations that were put back, and tombstones
 * @param findings what does not agree, a sentence each
 */
@Schema(name = "AuditReport")
record InventoryAuditReport(
        boolean consistent,
        long products,
        long onHand,
        long reserved,
        long sold,
        long held,
        long committed,
        long expired,
        long released,
        List<String> findings)
        implements AuditReport {}
