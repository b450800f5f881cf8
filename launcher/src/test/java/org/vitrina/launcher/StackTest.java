package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack with Redis alone, which starts in a moment; the services' part is proven in e2e. */
class StackTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder = Path.of("");

    private StackBuilder redis() {
        return Stack.builder(PROJECT).directory(folder).only("redis");
    }

    private static boolean answers(Stack stack) {
        return Probes.redisIsReady(stack.address("redis"));
    }

    @Test
    void endsWhatItStarted() {
        long pid;
        try (Stack stack = redis().start()) {
            stack.awaitReady(SOON);
            pid = stack.pid("redis");
            assertThat(answers(stack)).isTrue();
        }
        assertThat(Procfs.startTicks(pid)).isEqualTo(-1);
        assertThat(RunState.read(InstanceFolder.stateFile(folder)).entries()).isEmpty();
    }

    @Test
    void whatWasKilledOnPurposeStaysDownUntilItIsStarted() {
        try (Stack stack = redis().supervised(true).start()) {
            stack.awaitReady(SOON);
            stack.kill("redis");
            assertThat(stack.parts().get(0).state()).isEqualTo(PartState.STOPPED);
            assertThat(answers(stack)).isFalse();

            stack.start("redis");
            stack.awaitReady("redis", SOON);

            assertThat(answers(stack)).isTrue();
            assertThat(stack.terminate("redis")).isZero();
        }
    }

    @Test
    void whatDiesIsStartedAgainWhenSupervised() {
        try (Stack stack = redis().supervised(true).start()) {
            stack.awaitReady(SOON);
            long first = stack.pid("redis");

            Spawner.signal(first, "KILL");

            await().atMost(SOON).until(() -> stack.pid("redis") != first && answers(stack));
            await().atMost(SOON).untilAsserted(() -> assertThat(stack.parts())
                    .containsExactly(
                            new PartStatus("redis", PartState.READY, stack.pid("redis"), stack.address("redis"), 1)));
        }
    }

    @Test
    void whatDiesUnsupervisedStaysDeadAndIsQuoted() {
        try (Stack stack = redis().start()) {
            stack.awaitReady(SOON);

            Spawner.signal(stack.pid("redis"), "KILL");

            await().atMost(SOON).until(() -> stack.parts().get(0).state() == PartState.DEAD);
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> stack.awaitReady(SOON))
                    .withMessageContaining("redis ended before it was ready")
                    .withMessageContaining("redis.log");
        }
    }

    @Test
    void aFrozenPartIsSilentUntilItIsThawedAndEndsAllTheSame() {
        long pid;
        try (Stack stack = redis().start()) {
            stack.awaitReady(SOON);
            pid = stack.pid("redis");

            stack.freeze("redis");
            assertThat(answers(stack)).isFalse();
            stack.thaw("redis");

            await().atMost(SOON).until(() -> answers(stack));
            stack.freeze("redis");
        }
        assertThat(Procfs.startTicks(pid)).isEqualTo(-1);
    }

    @Test
    void aFolderHoldsOneAtATime() {
        try (Stack first = redis().start()) {
            first.awaitReady(SOON);

            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> redis().start())
                    .withMessageContaining("runs already from " + folder)
                    .withMessageContaining("process " + ProcessHandle.current().pid());

            assertThat(answers(first)).isTrue();
        }
    }

    @Test
    void unknownPartsAreRefused() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> redis().only("shop"))
                .withMessageContaining("no part 'shop'");
    }
}
