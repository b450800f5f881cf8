package org.vitrina.notifications;

/**
 * What an operator's wish came to.
 *
 * @param redriven dead letters taken up again
 */
record Redriven(int redriven) {}
