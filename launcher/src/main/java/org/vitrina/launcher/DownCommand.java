package org.vitrina.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a running system from another terminal, and whatever a killed one left behind. */
@Command(name = "down")
final class DownCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Mixin
    private final Instance instance;

    DownCommand(Path project) {
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        Path file = InstanceFolder.stateFile(instance.directory());
        RunState state = RunState.read(file);
        Optional<RunState.Entry> launcher = state.launcher();
        launcher.ifPresent(DownCommand::endLauncher);
        List<RunState.Entry> leftovers =
                state.entries().stream().filter(RunState.Entry::isAlive).toList();
        InstanceFolder.endAll(leftovers);
        if (launcher.isPresent() || !leftovers.isEmpty()) {
            System.out.println("Vitrina is down; its data stays in " + instance.directory() + ".");
        } else {
            System.out.println("Nothing runs from " + instance.directory() + ".");
        }
        try {
            Files.deleteIfExists(file);
        } catch (java.io.IOException e) {
            throw new StartException(file + " cannot be deleted: " + e, e);
        }
        return 0;
    }

    private static void endLauncher(RunState.Entry launcher) {
        Spawner.signal(launcher.pid(), "TERM");
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (launcher.isAlive()) {
            if (System.nanoTime() > end) {
                System.err.println("The launcher (process " + launcher.pid() + ") did not stop within "
                        + TIMEOUT.toSeconds() + " s; killing it.");
                Spawner.signal(launcher.pid(), "KILL");
                return;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
