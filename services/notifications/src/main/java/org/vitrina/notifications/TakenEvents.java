package org.vitrina.notifications;

import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Which of the events that were asked about have been taken.
 *
 * @param taken in no order
 */
@Schema(name = "TakenEvents")
record TakenEvents(List<UUID> taken) {}
