package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.Server;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which of the running systems a command means: each offset of the ports has a folder of its own. */
final class Instance {
    private static final int HIGHEST_OFFSET = 45_000;

    private final Path project;
    private int portOffset;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    Instance(Path project) {
        this.project = project;
    }

    @Option(names = "--port-offset")
    void portOffset(String value) {
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > HIGHEST_OFFSET) {
            throw misused("'--port-offset' needs a number from 0 to " + HIGHEST_OFFSET + ", not '" + value + "'.");
        }
        portOffset = Integer.parseInt(value);
    }

    int portOffset() {
        return portOffset;
    }

    /** Where its data, logs and run state are; {@code ./vitrina} works it out in the same way. */
    Path directory() {
        Path base = Optional.ofNullable(System.getenv("VITRINA_DIR"))
                .map(Path::of)
                .orElse(project.resolve(".vitrina"))
                .toAbsolutePath()
                .normalize();
        return portOffset == 0 ? base : base.resolve("offset-" + portOffset);
    }

    RunState state() {
        return RunState.read(InstanceFolder.stateFile(directory()));
    }

    /** The process of a part, where it is alive. */
    Optional<RunState.Entry> running(String part) {
        return state().entries().stream()
                .filter(entry -> entry.name().equals(part) && entry.isAlive())
                .findFirst();
    }

    /** The PostgreSQL of this instance, which a command needs. */
    RunState.Entry runningPostgres() {
        return running(Server.POSTGRES.partName())
                .orElseThrow(() -> new StartException("PostgreSQL does not run from " + directory()
                        + ": start it with './vitrina up' (or './vitrina up --only postgres')."));
    }

    /** What is thrown for a command line that makes no sense; it is printed, and the exit status is 2. */
    ParameterException misused(String sentence) {
        CommandSpec spec = Objects.requireNonNull(command);
        return new ParameterException(spec.commandLine(), sentence);
    }
}
