package org.vitrina.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Deadline;

class WorkDeadlineTest {
    private static final Deadline OUTER = Deadline.in(Duration.ofMinutes(2));
    private static final Deadline INNER = Deadline.in(Duration.ofMinutes(1));

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void isThatOfTheInnermostWorkUntilThatEnds() throws Exception {
        var seen = new Deadline[3];
        Uni<?> inner = Uni.createFrom().item(() -> seen[1] = WorkDeadline.current());
        Uni<?> outer = Uni.createFrom().deferred(() -> {
            seen[0] = WorkDeadline.current();
            return WorkDeadline.during(INNER, inner).invoke(() -> seen[2] = WorkDeadline.current());
        });
        assertThat(afterwards(() -> WorkDeadline.during(OUTER, outer))).isNull();
        assertThat(seen).containsExactly(OUTER, INNER, OUTER);
    }

    @Test
    void staysWithWorkThatItsSubscriberHasLeft() throws Exception {
        assertThat(onContext(() -> {
                    WorkDeadline.during(OUTER, Uni.createFrom().nothing())
                            .subscribe()
                            .with(item -> {})
                            .cancel();
                    return WorkDeadline.current();
                }))
                .isSameAs(OUTER);
    }

    @Test
    void isLiftedForGood() throws Exception {
        Uni<?> lifted = WorkDeadline.lifted(Uni.createFrom().item(() -> {
            assertThat(WorkDeadline.current()).isNull();
            return "done";
        }));
        assertThat(afterwards(() -> WorkDeadline.during(OUTER, lifted))).isNull();
    }

    @Test
    void isUnknownWhereAContextIsSharedByManyPiecesOfWork() throws Exception {
        assertThat(WorkDeadline.current()).isNull();
        var seen = new CompletableFuture<@Nullable Deadline>();
        vertx.getOrCreateContext().runOnContext(there -> {
            var unused = WorkDeadline.during(OUTER, Uni.createFrom().item(1))
                    .subscribe()
                    .with(item -> seen.complete(WorkDeadline.current()));
        });
        assertThat(seen.get(10, TimeUnit.SECONDS)).isNull();
    }

    private @Nullable Deadline afterwards(Supplier<Uni<?>> work) throws Exception {
        return onContext(() -> {
            var done = work.get().subscribe().asCompletionStage();
            assertThat(done).isCompleted();
            return WorkDeadline.current();
        });
    }

    private @Nullable Deadline onContext(Supplier<@Nullable Deadline> look) throws Exception {
        var seen = new CompletableFuture<@Nullable Deadline>();
        VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()).runOnContext(there -> {
            try {
                seen.complete(look.get());
            } catch (AssertionError e) {
                seen.completeExceptionally(e);
            }
        });
        return seen.get(10, TimeUnit.SECONDS);
    }
}
