package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementSummaryTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SELECT put_cart_line($1, $2)                                             | select put_cart_line
                    SELECT * FROM accept_order($1, $2)                                       | select accept_order
                    select i.id, coalesce(i.on_hand, 0) from inventory i where i.id = 1      | select inventory
                    SELECT 1 FROM (VALUES ($1::integer)) AS a LEFT JOIN customer_order o     | select customer_order
                    WITH due AS (SELECT 1 FROM outbox FOR UPDATE SKIP LOCKED) UPDATE outbox SET x = 1 | update outbox
                    INSERT INTO inventory AS level (id) ON CONFLICT (id) DO UPDATE SET id = 1 | insert inventory
                    DELETE FROM reservation WHERE id = 1                                     | delete reservation
                    SELECT pay_in($1) FROM set_config('vitrina.deed', $2, true)              | select pay_in
                    SELECT a.* FROM set_config('x', $1, true) AS d, LATERAL cancel_order($2) AS a | select cancel_order
                    SELECT 1                                                                 | other
                    """)
    void saysInTwoWordsWhatAStatementDoes(String sql, String summary) {
        assertThat(StatementSummary.of(sql)).isEqualTo(summary);
    }
}
