package org.vitrina.model;

import java.util.List;

/**
 * A version of the model: a linear function of standardised features, with all that is known of its making.
 *
 * @param target the name of what is predicted
 * @param features in the order in which values are given
 * @param sha256 the hash of the training data, in hexadecimal digits
 * @param quality what it achieved, on the rows named there
 * @param answers what it must predict, or the file is damaged
 */
record Artefact(
        String version,
        String target,
        List<Feature> features,
        double intercept,
        String sha256,
        Quality quality,
        List<Answer> answers)
        implements PredictiveModel {

    /**
     * One input.
     *
     * @param mean subtracted from a value
     * @param scale what is left is divided by it
     * @param coefficient of the result
     * @param edges upper ends, inclusive, of all but the last bin of the training values, ascending
     * @param counts training values in each bin, one more than edges
     */
    record Feature(
            String name, double mean, double scale, double coefficient, List<Double> edges, List<Integer> counts) {
        Feature {
            edges = List.copyOf(edges);
            counts = List.copyOf(counts);
        }
    }

    /**
     * How well it predicts.
     *
     * @param data {@code training}, {@code held-out}, or {@code diabetes} for a model that was made elsewhere
     * @param rows how many of them
     */
    record Quality(String data, int rows, double meanAbsoluteError, double rootMeanSquaredError, double rSquared) {}

    /** A known answer. */
    record Answer(List<Double> features, double value) {
        Answer {
            features = List.copyOf(features);
        }
    }

    private static final double TOLERANCE = 1e-6;

    Artefact {
        features = List.copyOf(features);
        answers = List.copyOf(answers);
    }

    @Override
    public double predict(List<Double> values) {
        double sum = intercept;
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            sum += feature.coefficient() * ((values.get(i) - feature.mean()) / feature.scale());
        }
        return sum;
    }

    /** This, if it gives every known answer. */
    Artefact checked() {
        if (answers.isEmpty()) {
            throw new ArtefactException("version " + version + " has no known answers");
        }
        for (Answer answer : answers) {
            double value = predict(answer.features());
            // not finite: fails too
            if (!(Math.abs(value - answer.value()) <= TOLERANCE * Math.max(1, Math.abs(answer.value())))) {
                throw new ArtefactException("version " + version + " predicts " + value
                        + " where its answer is known to be " + answer.value());
            }
        }
        return this;
    }
}
