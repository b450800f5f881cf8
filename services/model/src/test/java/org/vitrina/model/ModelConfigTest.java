package org.vitrina.model;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.config.ConfigCheck;

class ModelConfigTest {
    @Test
    void isAsRecorded() {
        ConfigCheck.of(
                ModelConfig.class,
                """
                directory                             | -                     | /tmp/versions
                watch                                 | 1s                    | 5s             | 10ms..
                drift-window                          | 5000                  | 1000           | 100..1000000
                log-messages                          | false                 | true
                worker                                | false                 | true
                retraining.metrics.url                | http://127.0.0.1:8012 | http://metrics
                retraining.metrics.timeout            | 10s                   | 1s             | 100ms..1m
                retraining.metrics.hedge-after        | 300ms                 | 400ms          | 1ms..
                retraining.metrics.window             | 20                    | 3              | 1..
                retraining.metrics.max-failures       | 14                    | 4              | 1..
                retraining.metrics.reset-interval     | 5s                    | 7s
                retraining.metrics.max-retries        | 3                     | 6              | 0..10
                retraining.metrics.retry-interval     | 20ms                  | 7ms
                retraining.metrics.retry-jitter       | 20ms                  | 8ms
                retraining.metrics.retry-share        | 0.3                   | 0.8
                retraining.metrics.retries-per-second | 10                    | 9              | 1..
                retraining.metrics.max-connections    | 512                   | 10             | 1..
                retraining.metrics.max-waiting        | 8192                  | 11             | 0..
                retraining.metrics.connect-timeout    | 500ms                 | 12ms
                retraining.metrics.max-answer         | 16M                   | 13K
                retraining.classifier                 | 0                     | 7              | 0..
                retraining.predictions.url                | http://127.0.0.1:8007 | http://predictions
                retraining.predictions.timeout            | 1s                    | 2s             | 10ms..1m
                retraining.predictions.hedge-after        | 300ms                 | 400ms          | 1ms..
                retraining.predictions.window             | 20                    | 3              | 1..
                retraining.predictions.max-failures       | 14                    | 4              | 1..
                retraining.predictions.reset-interval     | 5s                    | 7s
                retraining.predictions.max-retries        | 3                     | 6              | 0..10
                retraining.predictions.retry-interval     | 20ms                  | 7ms
                retraining.predictions.retry-jitter       | 20ms                  | 8ms
                retraining.predictions.retry-share        | 0.3                   | 0.8
                retraining.predictions.retries-per-second | 10                    | 9              | 1..
                retraining.predictions.max-connections    | 512                   | 10             | 1..
                retraining.predictions.max-waiting        | 8192                  | 11             | 0..
                retraining.predictions.connect-timeout    | 500ms                 | 12ms
                retraining.predictions.max-answer         | 1M                    | 13K
                retraining.every                      | 0s                    | 1h             | 0s..
                retraining.least-pairs                | 200                   | 500            | 50..
                retraining.most-pairs                 | 100000                | 1000           | 50..1000000
                retraining.least-gain                 | 0.01                  | 0              | 0..
                retraining.share                      | 100                   | 10             | 0..100
                """);
    }
}
