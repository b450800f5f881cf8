package org.vitrina.messaging;

import java.util.UUID;

/**
 * A message that waits for its next attempt.
 *
 * @param attempts those made, the one for which it was taken now included
 */
record ParkedMessage(UUID id, QueueMessage message, int attempts) {}
