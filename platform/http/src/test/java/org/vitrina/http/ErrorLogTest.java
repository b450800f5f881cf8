package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ErrorLogTest {
    @Test
    void logsTenForeseenErrorsASecond() {
        AtomicLong now = new AtomicLong();
        ErrorLog log = new ErrorLog(now::get);
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 10; i++) {
                assertThat(log.mayLog()).isTrue();
            }
            assertThat(log.mayLog()).isFalse();
            now.addAndGet(1_000_000_000);
        }
    }
}
