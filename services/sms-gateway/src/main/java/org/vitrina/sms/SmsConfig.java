package org.vitrina.sms;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the gateway. */
@ConfigMapping(prefix = "vitrina.sms")
public interface SmsConfig {
    /** Where accepted messages are kept, a line each, before they are confirmed; without it they end with the process. */
    Optional<Path> file();

    /** How many messages are remembered; of more the oldest are forgotten. */
    @WithDefault("100000")
    @Min(1)
    @Max(10_000_000)
    int maxMessages();
}
