package org.vitrina.predictions;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.Magnitude;
import org.vitrina.core.ProblemException;
import org.vitrina.http.PatchField;

/** A JSON merge patch (RFC 7396) for a classifier's parameters. */
@Schema(description = "The members to change; null removes one, what is left out stays.")
record ClassifierPatch(
        @JsonProperty("L1") @Schema(implementation = Double.class, nullable = true, minimum = "0", examples = "0.99")
                PatchField<Double> l1,
        @JsonProperty("L2") @Schema(implementation = Double.class, nullable = true, minimum = "0", examples = "0.99")
                PatchField<Double> l2) {
    /** @throws ProblemException 400 if a weight would be none */
    void check() {
        List<Map<String, String>> violations = new ArrayList<>();
        check("L1", l1.value(), violations);
        check("L2", l2.value(), violations);
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    ErrorCode.VALIDATION,
                    "A weight is a number from 0 to " + Magnitude.INPUT + ".",
                    Map.of("violations", violations),
                    Map.of());
        }
    }

    private static void check(String name, @Nullable Double weight, List<Map<String, String>> violations) {
        if (weight != null && !(weight >= 0 && Magnitude.isInput(weight))) {
            violations.add(Map.of("field", name, "message", "must be a number from 0 to " + Magnitude.INPUT));
        }
    }
}
