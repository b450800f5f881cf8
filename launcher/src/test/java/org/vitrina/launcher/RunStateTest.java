package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStateTest {
    @TempDir
    Path folder = Path.of("");

    private final long self = ProcessHandle.current().pid();

    private RunState.Entry launcher(long startTicks) {
        return new RunState.Entry(RunState.LAUNCHER, self, startTicks, "TERM", PartState.READY, 0, 0, 0);
    }

    @Test
    void isReadAsItWasWritten() {
        RunState state = new RunState(List.of(
                launcher(Procfs.startTicks(self)),
                new RunState.Entry("cart", 12, 345, "TERM", PartState.WAITING, 8003, 18003, 7)));

        state.write(folder.resolve("state"));

        assertThat(RunState.read(folder.resolve("state"))).isEqualTo(state);
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void anAbsentFileMeansThatNothingRuns() {
        assertThat(RunState.read(folder.resolve("none")).entries()).isEmpty();
    }

    @Test
    void aProcessIsToldFromALaterOneWithItsPid() {
        long ticks = Procfs.startTicks(self);

        assertThat(new RunState(List.of(launcher(ticks))).launcher()).isPresent();
        assertThat(new RunState(List.of(launcher(ticks - 1))).launcher()).isEmpty();
    }

    @Test
    void aFileOfAnotherFormIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("state"), "something else\n");

        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> RunState.read(file))
                .withMessageContaining(file.toString());
    }
}
