package org.vitrina.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.testing.LogLines;

/** What the log says of dependencies that cannot be used. */
class DependenciesTest {
    private final Vertx vertx = Vertx.vertx();
    private Uni<Void> check = Uni.createFrom().voidItem();
    private final Dependency dependency = new Dependency() {
        @Override
        public String name() {
            return "levels";
        }

        @Override
        public Uni<Void> check() {
            return check;
        }
    };
    private final LogLines logged = new LogLines();

    @AfterEach
    void leave() {
        logged.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private boolean ask() {
        // each of its own, as answers are kept for a while
        return dependencies.ask().await().atMost(Duration.ofSeconds(30)).isEmpty();
    }

    private final Dependencies dependencies = new Dependencies(
            List.of(dependency),
            List.of(),
            new Lifecycle(),
            vertx,
            () -> Duration.ofSeconds(20),
            new FailureTranslations(List.of()));

    private List<LogRecord> lines() {
        return logged.of(Dependencies.class.getName());
    }

    @Test
    void saysEachReasonOnceAlsoTheOneThatComesAfterAnother() {
        check = Uni.createFrom().failure(new IllegalStateException("PostgreSQL cannot be used: start it"));
        assertThat(ask()).isFalse();
        assertThat(ask()).isFalse();
        check = Uni.createFrom()
                .failure(
                        new ProblemException(new ErrorCode("cancelled", 409, false, "Cancelled"), "It was cancelled."));
        assertThat(ask()).isFalse();
        assertThat(ask()).isFalse();
        check = Uni.createFrom().voidItem();
        assertThat(ask()).isTrue();

        assertThat(lines())
                .extracting(LogLines::text)
                .containsExactly(
                        "Waiting for levels: PostgreSQL cannot be used: start it",
                        "Waiting for levels: unforeseen ProblemException: It was cancelled.",
                        "levels can be used");
        assertThat(lines().get(0).getThrown()).isNull();
        assertThat(lines().get(1).getThrown()).isInstanceOf(ProblemException.class);
    }

    @Test
    void whatFailsWithoutAWordIsSaidByItsClassAndPlace() {
        check = Uni.createFrom().failure(new NullPointerException());

        assertThat(ask()).isFalse();

        assertThat(lines()).singleElement().satisfies(line -> {
            assertThat(LogLines.text(line)).isEqualTo("Waiting for levels: unforeseen NullPointerException: ");
            assertThat(line.getThrown()).isInstanceOf(NullPointerException.class);
        });
    }
}
