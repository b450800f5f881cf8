package org.vitrina.wallet;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of wallet. */
@ConfigMapping(prefix = "vitrina.wallet")
public interface WalletConfig {
    /** Whether users may top up their own wallets, for demonstrations: nobody pays anything. Wallets then say {@code can_top_up}. */
    @WithDefault("false")
    boolean demoTopUp();

    /** How long the cancellation of a debit that never was keeps that debit out. */
    @WithDefault("30d")
    @DurationMin(minutes = 1)
    Duration tombstoneRetention();

    /** The pause between two looks for tombstones that are no longer needed, and for what is to be added to the audit's sums. */
    @WithDefault("10m")
    @DurationMin(millis = 1)
    Duration purgeEvery();

    /** The pause between two audits of the books, in small pieces. */
    @WithDefault("1m")
    @DurationMin(millis = 1)
    Duration auditEvery();

    /** How long the audit reads an entry or a debit; after that it reads the sums of them for each user. */
    @WithDefault("24h")
    @DurationMin(minutes = 1)
    Duration auditWindow();
}
