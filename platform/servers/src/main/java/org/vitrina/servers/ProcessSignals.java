package org.vitrina.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Stops, continues and kills a server's processes, by id only. */
final class ProcessSignals {
    private ProcessSignals() {}

    /** The parent first, so that it starts no child in between. */
    static void freeze(ProcessHandle server) {
        send("-STOP", Stream.of(server));
        send("-STOP", server.descendants());
    }

    static void thaw(ProcessHandle server) {
        send("-CONT", server.descendants());
        send("-CONT", Stream.of(server));
    }

    /** SIGKILL for the server and all that it started; returns when none is left. */
    static void kill(ProcessHandle server) {
        if (!server.isAlive()) {
            return;
        }
        send("-STOP", Stream.of(server));
        List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
        all.add(server);
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            one.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    private static void send(String signal, Stream<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        if (command.size() == 2) {
            return;
        }
        try {
            // A child that ended in the meantime makes kill fail; the others got their signal.
            new ProcessBuilder(command).redirectErrorStream(true).start().waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, e);
        }
    }
}
