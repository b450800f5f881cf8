package org.vitrina.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * A version that was put in.
 *
 * @param sha256 the hash of the file
 * @param operators what it computes with
 * @param rows of the diabetes data, on which its quality was measured
 * @param isNew whether it was not there before
 */
record UploadedModel(
        String version,
        String sha256,
        int bytes,
        List<String> operators,
        int rows,
        double meanAbsoluteError,
        double rootMeanSquaredError,
        double rSquared,
        @JsonIgnore boolean isNew) {
    static UploadedModel of(OnnxModel model, String sha256, int bytes, boolean isNew) {
        Artefact.Quality quality = model.quality();
        return new UploadedModel(
                model.version(),
                sha256,
                bytes,
                model.operators(),
                quality.rows(),
                quality.meanAbsoluteError(),
                quality.rootMeanSquaredError(),
                quality.rSquared(),
                isNew);
    }
}
