package org.vitrina.cache;

import java.time.Duration;

/**
 * How old a load may get.
 *
 * @param limit one older than this is joined by nobody: the next caller starts another
 * @param waitForFresh a caller who has a copy waits for one no older than this
 */
record LoadTimes(Duration limit, Duration waitForFresh) {}
