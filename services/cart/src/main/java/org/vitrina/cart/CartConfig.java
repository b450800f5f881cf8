package org.vitrina.cart;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Settings of cart. */
@ConfigMapping(prefix = "vitrina.cart")
public interface CartConfig {
    /** How many lines a cart may have, since it is answered in one piece; a further one is refused (409). */
    @WithDefault("500")
    @Min(1)
    @Max(10_000)
    int maxLines();
}
