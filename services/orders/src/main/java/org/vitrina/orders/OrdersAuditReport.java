package org.vitrina.orders;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.runtime.AuditReport;

/**
 * Whether the orders of the last time agree with one another, and what there is to compare with other services.
 *
 * @param consistent whether nothing was found
 * @param orders by status
 * @param unsettled orders for which something is still to be done
 * @param oldestUnsettledSeconds age of the oldest of them; 0 without any
 * @param eventsToSend events that the broker has not confirmed yet
 */
@Schema(name = "Audit")
record OrdersAuditReport(
        boolean consistent,
        List<Finding> findings,
        List<Sum> orders,
        long unsettled,
        double oldestUnsettledSeconds,
        long eventsToSend)
        implements AuditReport {
    @Override
    public int problems() {
        return Math.toIntExact(findings.stream().mapToLong(Finding::count).sum());
    }

    /**
     * Something that must not be.
     *
     * @param kind its stable name
     * @param sample one of them: an order or a user
     */
    @Schema(name = "Finding")
    record Finding(String kind, long count, String sample) {}

    /** The orders of a status together. */
    @Schema(name = "Sum")
    record Sum(Status status, long count, String total) {}
}
