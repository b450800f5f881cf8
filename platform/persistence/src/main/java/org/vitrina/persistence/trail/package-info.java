/**
 * Who did what to what a service keeps: the append-only table {@code audit_trail}.
 *
 * <p>The table is brought by a change set of this module ({@code db/platform/audit_trail}); a service lists it in its own change
 * log ({@code NNNN-platform.txt}), whose next file has triggers on the tables that are looked after. They call {@code
 * add_to_audit_trail}, so that no deed is forgotten and each row is of the deed's own transaction. Java says only who acts:
 *
 * <pre>{@code
 * private static final String PAY_IN = "SELECT pay_in(?1, 'top-ups', ?2) FROM " + AuditTrail.by("?3");
 *
 * session.createNativeQuery(PAY_IN)….setParameter(3, trail.deed())
 * }</pre>
 */
@NullMarked
package org.vitrina.persistence.trail;

import org.jspecify.annotations.NullMarked;
