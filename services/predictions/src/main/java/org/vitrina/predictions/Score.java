package org.vitrina.predictions;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A user's score.
 *
 * @param period the month or the day that it is of
 */
record Score(
        @Schema(minimum = "1") int userId,
        @Schema(examples = {"2021-03", "2021-03-01"}) String period,
        @Schema(examples = "0.99") double score) {}
