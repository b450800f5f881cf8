package org.vitrina.registry;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A replica as it registers.
 *
 * @param address an IP address as digits; names are not looked up
 * @param zone where it is, such as a data centre; none if left out
 * @param weight its share of calls beside the others' weights; 100 if left out
 * @param version of its program; none if left out
 */
record NewInstance(
        @NotNull @Pattern(regexp = "[0-9a-fA-F.:]{2,45}", message = "must be an IP address") String address,
        @NotNull @Min(1) @Max(65_535) Integer port,
        @Nullable @Pattern(regexp = LABEL, message = "must be 1 to 63 letters, digits, dots, hyphens or underscores")
                String zone,
        @Nullable @Min(0) @Max(1000) Integer weight,
        @Nullable @Pattern(regexp = LABEL, message = "must be 1 to 63 letters, digits, dots, hyphens or underscores")
                String version) {
    static final String LABEL = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private static final int USUAL_WEIGHT = 100;

    /** @param checked the address in its canonical form */
    Instance named(String id, String checked) {
        return new Instance(
                id,
                checked,
                port,
                zone == null ? "" : zone,
                weight == null ? USUAL_WEIGHT : weight,
                version == null ? "" : version);
    }
}
