package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.http.demo.DemoRecurringTask;

@QuarkusTest
class RecurringTaskTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @AfterEach
    void wellAgain() {
        DemoRecurringTask.fails = false;
        DemoRecurringTask.hangs = false;
    }

    @Test
    void worksAgainAndAgainAndNeverTwiceAtOnce() {
        awaitTurns(5);
        assertThat(DemoRecurringTask.OVERLAPS).hasValue(0);
    }

    @Test
    void goesOnAfterAFailure() {
        DemoRecurringTask.fails = true;
        awaitTurns(3);
        DemoRecurringTask.fails = false;
        awaitTurns(3);
    }

    @Test
    void goesOnAfterATurnThatNeverEnds() {
        DemoRecurringTask.hangs = true;
        awaitTurns(3);
    }

    private static void awaitTurns(int count) {
        int before = DemoRecurringTask.TURNS.get();
        await().atMost(LIMIT).until(() -> DemoRecurringTask.TURNS.get() >= before + count);
    }
}
