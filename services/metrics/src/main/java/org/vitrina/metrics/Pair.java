package org.vitrina.metrics;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A truth with its prediction.
 *
 * @param position where it stands in the order of pairs; the cursor of the next page
 * @param features what was predicted from, null if the prediction did not say
 */
record Pair(
        long position,
        String id,
        double truth,
        double prediction,
        @Nullable String modelVersion,
        @Nullable List<Double> features,
        Instant pairedAt) {}
