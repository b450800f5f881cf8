package org.vitrina.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.stat.descriptive.DescriptiveStatistics;
import org.hipparchus.stat.descriptive.StreamingStatistics;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;

/** Fits ordinary least squares with an intercept, or regularised ones, and measures what came of it. */
final class Training {
    private static final String TARGET = "target";
    private static final int BINS = 10;
    private static final int ANSWERS = 5;

    private Training() {}

    /**
     * A model of the rows, with its quality on these same rows.
     *
     * @param sha256 the hash of what the rows were read from
     * @param penalty how it is regularised
     * @throws ArtefactException if the rows determine no model
     */
    static Artefact fit(String version, List<String> names, List<TrainingRow> rows, String sha256, Penalty penalty) {
        double[][] scaled = new double[rows.size()][names.size()];
        double[] truths = rows.stream().mapToDouble(TrainingRow::truth).toArray();
        List<Artefact.Feature> plain = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int column = i;
            var values = new DescriptiveStatistics();
            rows.forEach(row -> values.addValue(row.features().get(column)));
            double mean = values.getMean();
            double scale = values.getStandardDeviation();
            if (!(scale > 0)) {
                throw new ArtefactException("feature " + names.get(i) + " has one value only");
            }
            for (int row = 0; row < scaled.length; row++) {
                scaled[row][i] = (rows.get(row).features().get(i) - mean) / scale;
            }
            plain.add(binned(names.get(i), mean, scale, values));
        }
        double[] fitted = penalty.isNone() ? solve(scaled, truths) : ElasticNet.solve(scaled, truths, penalty);
        List<Artefact.Feature> features = new ArrayList<>();
        for (int i = 0; i < plain.size(); i++) {
            Artefact.Feature one = plain.get(i);
            features.add(new Artefact.Feature(
                    one.name(), one.mean(), one.scale(), fitted[i + 1], one.edges(), one.counts()));
        }
        Artefact unmeasured = new Artefact(
                version, TARGET, features, fitted[0], sha256, new Artefact.Quality("training", 0, 0, 0, 0), List.of());
        return with(unmeasured, quality("training", unmeasured::predict, rows), answers(unmeasured, rows));
    }

    private static double[] solve(double[][] scaled, double[] truths) {
        var regression = new OLSMultipleLinearRegression();
        try {
            regression.newSampleData(truths, scaled);
            return regression.estimateRegressionParameters();
        } catch (MathRuntimeException e) {
            throw new ArtefactException("the rows determine no model: " + e.getMessage(), e);
        }
    }

    /** The model, said to be as good as it is on other rows. */
    static Artefact measured(Artefact model, String data, List<TrainingRow> rows) {
        return with(model, quality(data, model::predict, rows), model.answers());
    }

    private static Artefact with(Artefact model, Artefact.Quality quality, List<Artefact.Answer> answers) {
        return new Artefact(
                model.version(), model.target(), model.features(), model.intercept(), model.sha256(), quality, answers);
    }

    /** How well the model predicts the rows. */
    static Artefact.Quality quality(String data, ToDoubleFunction<List<Double>> model, List<TrainingRow> rows) {
        var absolute = new StreamingStatistics();
        var squared = new StreamingStatistics();
        var truths = new StreamingStatistics();
        for (TrainingRow row : rows) {
            double error = model.applyAsDouble(row.features()) - row.truth();
            absolute.addValue(Math.abs(error));
            squared.addValue(error * error);
            truths.addValue(row.truth());
        }
        double variance = truths.getPopulationVariance();
        return new Artefact.Quality(
                data,
                rows.size(),
                absolute.getMean(),
                Math.sqrt(squared.getMean()),
                variance > 0 ? 1 - squared.getMean() / variance : 0);
    }

    /** Some rows, from the first to the last, with what is predicted for them now. */
    private static List<Artefact.Answer> answers(Artefact model, List<TrainingRow> rows) {
        List<Artefact.Answer> answers = new ArrayList<>();
        for (int i = 0; i < ANSWERS; i++) {
            List<Double> features =
                    rows.get((rows.size() - 1) * i / (ANSWERS - 1)).features();
            answers.add(new Artefact.Answer(features, model.predict(features)));
        }
        return answers;
    }

    /** Tenths of the values; fewer bins where many values are equal. */
    private static Artefact.Feature binned(String name, double mean, double scale, DescriptiveStatistics values) {
        List<Double> edges = new ArrayList<>();
        for (int i = 1; i < BINS; i++) {
            double edge = values.getPercentile(100.0 * i / BINS);
            if (edge < values.getMax() && (edges.isEmpty() || edge > edges.getLast())) {
                edges.add(edge);
            }
        }
        if (edges.isEmpty()) {
            edges.add(mean);
        }
        int[] counts = new int[edges.size() + 1];
        for (double value : values.getValues()) {
            counts[Drift.bin(edges, value)]++;
        }
        return new Artefact.Feature(
                name,
                mean,
                scale,
                0,
                edges,
                java.util.Arrays.stream(counts).boxed().toList());
    }

    static String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
