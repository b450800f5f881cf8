package org.vitrina.model;

import java.util.List;

/** A version that predicts, wherever it comes from. */
sealed interface PredictiveModel permits Artefact, OnnxModel {
    String version();

    /** In the order in which values are given, with the bins against which their drift is measured. */
    List<Artefact.Feature> features();

    /** The hash of the training data, in hexadecimal digits; empty where it is not known. */
    String sha256();

    /** How well it predicts, and what it was measured on. */
    Artefact.Quality quality();

    /** The prediction for values in the order of {@link #features}. */
    double predict(List<Double> values);
}
