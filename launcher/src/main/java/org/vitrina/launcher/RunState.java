package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file that tells other processes what runs: read by {@code status} and {@code down}, by the guard when the launcher
 * is gone, and by the next start after a crash. One part a line, fields parted by a space.
 */
record RunState(List<Entry> entries) {
    static final String LAUNCHER = "launcher";

    /**
     * One process.
     *
     * @param startTicks tells the process from a later one with the same pid
     * @param signal what ends it cleanly
     * @param port 0 where it has none
     */
    record Entry(
            String name,
            long pid,
            long startTicks,
            String signal,
            PartState state,
            int port,
            int managementPort,
            int restarts) {
        boolean isAlive() {
            return Procfs.isAlive(pid, startTicks);
        }

        private String line() {
            return "%s %d %d %s %s %d %d %d"
                    .formatted(name, pid, startTicks, signal, state, port, managementPort, restarts);
        }

        private static Entry parse(String line) {
            String[] field = line.split(" ", -1);
            return new Entry(
                    field[0],
                    Long.parseLong(field[1]),
                    Long.parseLong(field[2]),
                    field[3],
                    PartState.valueOf(field[4]),
                    Integer.parseInt(field[5]),
                    Integer.parseInt(field[6]),
                    Integer.parseInt(field[7]));
        }
    }

    RunState {
        entries = List.copyOf(entries);
    }

    /** The launcher's own entry if it is alive. */
    java.util.Optional<Entry> launcher() {
        return entries.stream()
                .filter(entry -> entry.name().equals(LAUNCHER) && entry.isAlive())
                .findFirst();
    }

    static RunState read(Path file) {
        try {
            return new RunState(
                    Files.readAllLines(file).stream().map(Entry::parse).toList());
        } catch (IOException absent) {
            return new RunState(List.of());
        } catch (RuntimeException unreadable) {
            throw new StartException(
                    file + " is not a state file of this version: end what still runs by hand, then remove it.",
                    unreadable);
        }
    }

    /** Replaces the file in one step, so that a reader never sees half of it. */
    void write(Path file) {
        String text = entries.stream().map(entry -> entry.line() + "\n").collect(Collectors.joining());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
