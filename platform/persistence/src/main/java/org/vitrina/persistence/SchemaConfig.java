package org.vitrina.persistence;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What the service's release needs of its database's schema. */
@ConfigMapping(prefix = "vitrina.schema")
public interface SchemaConfig {
    /** Id of the newest change set that this release needs; without it only the connection is checked. */
    Optional<String> required();
}
