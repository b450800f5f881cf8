package org.vitrina.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What predicts, and what could.
 *
 * @param serving the versions in use by this replica
 * @param previous what a rollback brings back
 * @param available all versions
 * @param history how it came to what is in use, newest first
 * @param failure why the last choice is not in use, null if it is
 */
record ModelState(
        List<InUse> serving,
        List<Share> previous,
        List<String> available,
        List<ChangeOfChoice> history,
        @Nullable String failure) {
    /**
     * A version in use.
     *
     * @param weight its part of the predictions
     * @param trainingDataSha256 of what it was trained with
     * @param rows how many rows its quality was measured on
     * @param data {@code training} or {@code held-out} rows
     */
    record InUse(
            String version,
            int weight,
            String trainingDataSha256,
            List<String> features,
            String data,
            int rows,
            double meanAbsoluteError,
            double rootMeanSquaredError,
            double rSquared) {}
}
