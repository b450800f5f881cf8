package org.vitrina.predictions;

import java.util.UUID;

/**
 * An answer to a request of a client that named itself.
 *
 * @param number of the client's answers, from 1 on; what has a lower one was to be seen earlier
 */
record ClientAnswer(UUID client, long number, PredictionRequest request) {}
