package org.vitrina.persistence.trail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long deeds are on record. */
@ConfigMapping(prefix = "vitrina.audit-trail")
public interface AuditTrailConfig {
    /** How long a deed is on record, at least a year and a day: the database refuses to remove younger ones. */
    @WithDefault("1096d")
    @DurationMin(hours = 366 * 24)
    Duration keep();

    /** Pause between two rounds of removing what is older. */
    @WithDefault("1h")
    @DurationMin(millis = 10)
    Duration purgeInterval();
}
