package org.vitrina.diabetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The diabetes data of Efron, Hastie, Johnstone and Tibshirani (2004): 442 rows of 10 standardised features and the target
 * that is predicted from them. Read once, when the first caller comes.
 */
public final class Diabetes {
    /** How many features a row has. */
    public static final int FEATURES = 10;

    private static final String FILE = "diabetes.csv";

    private Diabetes() {}

    /**
     * One patient.
     *
     * @param features in the order of {@link #names()}
     * @param target the truth that belongs to them
     */
    public record Row(List<Double> features, double target) {}

    /** Initialisation on demand. */
    private static final class Held {
        private static final List<String> LINES =
                new String(bytes(), UTF_8).lines().toList();
        private static final List<String> NAMES =
                List.of(LINES.getFirst().split(",", -1)).subList(0, FEATURES);
        private static final List<Row> ROWS = parse(LINES);
    }

    /** The features' names. */
    public static List<String> names() {
        return Held.NAMES;
    }

    /** All rows, in the file's order; index 0 is the first. */
    public static List<Row> rows() {
        return Held.ROWS;
    }

    /** The file itself, which a model's artefact names by its hash. */
    public static byte[] bytes() {
        try (InputStream file = Diabetes.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not in the program");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Row> parse(List<String> lines) {
        List<Row> rows = new ArrayList<>(lines.size());
        for (String line : lines.subList(1, lines.size())) {
            List<Double> values =
                    Arrays.stream(line.split(",", -1)).map(Double::valueOf).toList();
            rows.add(new Row(values.subList(0, FEATURES), values.get(FEATURES)));
        }
        return List.copyOf(rows);
    }
}
