package org.vitrina.model;

/** Regularised least squares by coordinate descent (Friedman, Hastie, Tibshirani: "Regularization Paths", 2010). */
final class ElasticNet {
    private static final int MOST_ROUNDS = 10_000;
    /** Of a coefficient, against the largest truth's distance from the mean. */
    private static final double PRECISION = 1e-12;

    private ElasticNet() {}

    /**
     * The intercept, then a coefficient for each column.
     *
     * @param scaled rows of columns, each with mean 0
     * @throws ArtefactException if it comes to no end
     */
    static double[] solve(double[][] scaled, double[] truths, Penalty penalty) {
        int rows = scaled.length;
        int columns = scaled[0].length;
        double mean = 0;
        for (double truth : truths) {
            mean += truth / rows;
        }
        double[] left = new double[rows];
        double largest = 0;
        for (int row = 0; row < rows; row++) {
            left[row] = truths[row] - mean;
            largest = Math.max(largest, Math.abs(left[row]));
        }
        double[] squares = new double[columns];
        for (double[] row : scaled) {
            for (int i = 0; i < columns; i++) {
                squares[i] += row[i] * row[i] / rows;
            }
        }
        double[] fitted = new double[columns + 1];
        fitted[0] = mean;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double change = 0;
            for (int i = 0; i < columns; i++) {
                double before = fitted[i + 1];
                double along = squares[i] * before;
                for (int row = 0; row < rows; row++) {
                    along += scaled[row][i] * left[row] / rows;
                }
                double after =
                        Math.signum(along) * Math.max(0, Math.abs(along) - penalty.l1()) / (squares[i] + penalty.l2());
                if (after != before) {
                    for (int row = 0; row < rows; row++) {
                        left[row] += scaled[row][i] * (before - after);
                    }
                    fitted[i + 1] = after;
                    change = Math.max(change, Math.abs(after - before));
                }
            }
            if (change <= PRECISION * largest) {
                return fitted;
            }
        }
        throw new ArtefactException("the regularised training comes to no end");
    }
}
