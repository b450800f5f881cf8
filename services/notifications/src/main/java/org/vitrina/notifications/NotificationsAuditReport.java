package org.vitrina.notifications;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.runtime.AuditReport;

/**
 * Whether everything adds up.
 *
 * @param consistent true if there are no findings
 * @param counts events by their state
 * @param findings what is wrong, a sentence each
 */
@Schema(name = "AuditReport")
record NotificationsAuditReport(boolean consistent, Map<String, Long> counts, List<String> findings)
        implements AuditReport {}
