package org.vitrina.bff;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;
import org.vitrina.client.CallConfig;

/** What teams add to the page and to {@code /products/all}; see docs/your-own-part.md. */
@ConfigMapping(prefix = "vitrina.page")
public interface PageConfig {
    /** Parts by their name, which is the field's too: a lower-case letter, then letters and digits. */
    Map<String, Part> parts();

    /** A part that another team's service answers. */
    interface Part extends CallConfig {
        /**
         * Whom it asks: {@code http://ratings/ratings?product_ids={ids}} once for the products of a page, or
         * {@code http://points/users/{user}/points} for the user.
         */
        String url();

        /** Whether there is no answer of {@code /products/all} without it; the page says that it is missing either way. */
        @WithDefault("false")
        boolean required();

        /** How long a copy of a product's value is as good as new; what belongs to a user is never kept. */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        Duration ttl();

        /** How old a product's value may be when the service fails; 0s: none is shown then. */
        @WithDefault("1m")
        @DurationMin(millis = 0)
        Duration maxStale();

        /** The field of the answer's objects that is the product's id, such as {@code product_id}; needed with {@code {ids}}. */
        Optional<String> key();

        /** The field of the answer's objects that is the value; the part's name where it is not said. */
        Optional<String> value();

        /** What the page calls it; the part's name where it is not said. */
        Optional<String> label();

        /** The same in Russian; {@code label} where it is not said. */
        Optional<String> labelRu();
    }
}
