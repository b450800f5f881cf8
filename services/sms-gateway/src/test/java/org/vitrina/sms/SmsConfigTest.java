package org.vitrina.sms;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class SmsConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                SmsConfig.class,
                """
                file         | -      | /tmp/sms
                max-messages | 100000 | 7        | 1..10000000
                """);
    }
}
