package org.vitrina.model;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How far the features that come in have moved from those that the model was trained with: the population stability index
 * (Siddiqi, "Credit Risk Scorecards", 2006) of each feature over the last values. Below 0.1 nothing has happened, above 0.25
 * the model should be looked at.
 *
 * <p>One thread records, any may ask.
 */
final class Drift {
    /** An empty bin's share, so that the index stays finite. */
    private static final double LEAST_SHARE = 1e-4;

    private final List<Artefact.Feature> features;
    private final int window;
    private final int stride;
    /** The bins of the last values, in a ring. */
    private final byte[] ring;

    private final AtomicIntegerArray counts;
    private final AtomicInteger recorded = new AtomicInteger();
    private int at;

    Drift(List<Artefact.Feature> features, int window) {
        this.features = features;
        this.window = window;
        this.stride =
                features.stream().mapToInt(one -> one.counts().size()).max().orElse(1);
        this.ring = new byte[window * features.size()];
        this.counts = new AtomicIntegerArray(stride * features.size());
    }

    /** The bin of a value: the first whose upper end is not below it. */
    static int bin(List<Double> edges, double value) {
        int found = Collections.binarySearch(edges, value);
        return found >= 0 ? found : -found - 1;
    }

    void record(List<Double> values) {
        boolean full = recorded.get() == window;
        for (int i = 0; i < features.size(); i++) {
            int slot = at * features.size() + i;
            if (full) {
                counts.decrementAndGet(i * stride + ring[slot]);
            }
            byte bin = (byte) bin(features.get(i).edges(), values.get(i));
            ring[slot] = bin;
            counts.incrementAndGet(i * stride + bin);
        }
        at = (at + 1) % window;
        if (!full) {
            recorded.incrementAndGet();
        }
    }

    /** The index of the feature at this position; not a number until there are a hundred values. */
    double index(int feature) {
        int values = recorded.get();
        if (values < 100) {
            return Double.NaN;
        }
        List<Integer> trained = features.get(feature).counts();
        double rows = trained.stream().mapToInt(Integer::intValue).sum();
        double index = 0;
        for (int bin = 0; bin < trained.size(); bin++) {
            double expected = Math.max(LEAST_SHARE, trained.get(bin) / rows);
            double found = Math.max(LEAST_SHARE, counts.get(feature * stride + bin) / (double) values);
            index += (found - expected) * Math.log(found / expected);
        }
        return index;
    }
}
