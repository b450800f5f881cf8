package org.vitrina.notifications;

import java.util.List;
import java.util.Map;

/**
 * Whether everything adds up.
 *
 * @param consistent true if there are no findings
 * @param counts events by their state
 * @param findings what is wrong, a sentence each
 */
record AuditReport(boolean consistent, Map<String, Long> counts, List<String> findings) {}
