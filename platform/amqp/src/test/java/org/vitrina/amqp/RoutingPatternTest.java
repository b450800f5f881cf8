package org.vitrina.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingPatternTest {
    @ParameterizedTest
    @CsvSource({
        "order.confirmed, order.confirmed, true",
        "order.confirmed, order.cancelled, false",
        "order.*,         order.confirmed, true",
        "order.*,         order,           false",
        "order.*,         order.a.b,       false",
        "*.confirmed,     order.confirmed, true",
        "order.#,         order,           true",
        "order.#,         order.a.b,       true",
        "#,               order.a.b,       true",
        "#,               '',              true",
        "#.b,             order.a.b,       true",
        "#.b.#,           order.a.b,       true",
        "#.c.#,           order.a.b,       false",
        "*,               '',              true"
    })
    void handsOnAsATopicExchangeDoes(String pattern, String routingKey, boolean matches) {
        assertThat(RoutingPattern.matches(pattern, routingKey)).isEqualTo(matches);
    }
}
