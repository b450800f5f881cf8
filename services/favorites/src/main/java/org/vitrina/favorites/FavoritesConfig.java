package org.vitrina.favorites;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Settings of favorites. */
@ConfigMapping(prefix = "vitrina.favorites")
public interface FavoritesConfig {
    /** How many favorites a user may have, since they are answered in one piece; a further one is refused (409). */
    @WithDefault("500")
    @Min(1)
    @Max(10_000)
    int maxProducts();
}
