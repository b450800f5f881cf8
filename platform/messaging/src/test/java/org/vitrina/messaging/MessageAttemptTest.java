package org.vitrina.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageAttemptTest {
    @Test
    void aDeadLetterTellsNoStatement() {
        assertThat(MessageAttempt.reason(new IllegalStateException("[select secret from customer_order]")))
                .isEqualTo("IllegalStateException: the service's log says more");
        assertThat(MessageAttempt.reason(new MessageException("event_id is missing")))
                .isEqualTo("event_id is missing");
    }
}
