package org.vitrina.model;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class ModelConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                ModelConfig.class,
                """
                directory              | -                     | /tmp/versions
                watch                  | 1s                    | 5s             | 10ms..
                drift-window           | 5000                  | 1000           | 100..1000000
                worker                 | false                 | true
                retraining.metrics-url | http://127.0.0.1:8012 | http://metrics
                retraining.timeout     | 10s                   | 1s             | 100ms..
                retraining.least-pairs | 200                   | 500            | 50..
                retraining.most-pairs  | 100000                | 1000           | 50..1000000
                retraining.least-gain  | 0.01                  | 0              | 0..
                retraining.share       | 100                   | 10             | 0..100
                """);
    }
}
