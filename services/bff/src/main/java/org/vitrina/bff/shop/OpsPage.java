package org.vitrina.bff.shop;

import java.util.List;

/**
 * The resilience page around its live part.
 *
 * @param live the live part's markup as of now
 * @param services those that take faults; none where that cannot be tried
 */
public record OpsPage(String live, List<String> services) {}
