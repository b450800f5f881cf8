package org.vitrina.features;

import org.jspecify.annotations.Nullable;

/**
 * What was sent so far.
 *
 * @param rows confirmed by the broker, since the process started
 * @param waiting whether a row waits for a broker that is away
 * @param lastId of the last confirmed row, null if there was none
 * @param lastRow its index
 */
record Sent(long rows, boolean waiting, @Nullable String lastId, @Nullable Integer lastRow) {}
