package org.vitrina.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Starts child processes that do not outlive this JVM: each in a session of its own (a terminal's Ctrl-C reaches only the
 * launcher, which then ends them in order) and, where setpriv knows how, with the kernel's parent-death signal (prctl(2),
 * PR_SET_PDEATHSIG). {@link LauncherGuard} is the second net.
 */
final class Spawner {
    private static final long LOG_ROTATED_AT = 10L * 1024 * 1024;

    /** The kernel's "parent" is the thread that forked, not the process: this one lives as long as the JVM. */
    private static final ExecutorService FORKING_THREAD = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "vitrina-spawner");
        thread.setDaemon(true);
        return thread;
    });

    private static final boolean HAS_SETSID = succeeds("setsid", "true");
    private static final boolean HAS_DEATH_SIGNAL = succeeds("setpriv", "--pdeathsig", "KILL", "--", "true");
    private static final boolean HAS_NAMESPACES = succeeds("unshare", "-U", "true");

    private Spawner() {}

    static Process spawn(ProcessSpec spec) throws IOException {
        rotate(spec.log());
        ProcessBuilder builder = new ProcessBuilder(tied(spec))
                .directory(spec.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        builder.environment().putAll(spec.environment());
        return forkOnTheLastingThread(builder);
    }

    /** Starts the guard: a session of its own, no death signal (it must survive us), a pipe as its standard input. */
    static Process spawnGuard(List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(HAS_SETSID ? List.of("setsid") : List.of());
        whole.addAll(command);
        return forkOnTheLastingThread(new ProcessBuilder(whole)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
    }

    static ProcessSpec.Identity identityForPostgres() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return ProcessSpec.Identity.SAME;
        }
        return HAS_NAMESPACES ? ProcessSpec.Identity.NAMESPACE : ProcessSpec.Identity.NOBODY;
    }

    static void signal(long pid, String signal) {
        kill(signal, Long.toString(pid));
    }

    private static void kill(String signal, String whom) {
        try {
            Process kill = new ProcessBuilder("kill", "-s", signal, "--", whom)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("no kill command", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends by force what a process left behind of its session, whose leader it was. */
    static void endGroup(long pid) {
        if (HAS_SETSID) {
            kill("KILL", "-" + pid);
        }
    }

    static List<String> tied(ProcessSpec spec) {
        List<String> whole = new ArrayList<>();
        if (HAS_SETSID) {
            whole.add("setsid");
        }
        // changing credentials clears the death signal, so that comes first
        switch (spec.identity()) {
            case SAME -> {}
            case NAMESPACE -> whole.addAll(List.of("unshare", "-U"));
            case NOBODY -> whole.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        if (HAS_DEATH_SIGNAL) {
            whole.addAll(List.of("setpriv", "--pdeathsig", spec.deathSignal(), "--"));
        }
        // a launcher that died before the signal was set would go unnoticed: look once more
        whole.addAll(List.of("sh", "-c", "[ \"$PPID\" = \"$0\" ] || exit 1; exec \"$@\""));
        whole.add(Long.toString(ProcessHandle.current().pid()));
        whole.addAll(spec.command());
        return whole;
    }

    private static Process forkOnTheLastingThread(ProcessBuilder builder) throws IOException {
        try {
            return FORKING_THREAD.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_ROTATED_AT) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
