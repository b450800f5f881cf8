package org.vitrina.bff;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code examples/ratings/ratings.py}, really running. */
final class RatingsProgram implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

    private @Nullable Process process;
    private int port;

    /** Null where the machine has no Python. */
    static @Nullable RatingsProgram started() {
        var program = new RatingsProgram();
        try {
            program.start();
            return program;
        } catch (IOException noPython) {
            return null;
        }
    }

    /** On the port that it had before, if it had one. */
    void start() throws IOException {
        Process begun = new ProcessBuilder(
                        "python3", "../../examples/ratings/ratings.py", "--port", Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process = begun;
        // open until the program ends: one that cannot write any more would
        BufferedReader said = begun.inputReader();
        Matcher address = PORT.matcher(String.valueOf(said.readLine()));
        if (!address.find()) {
            close();
            throw new IllegalStateException("the program of ratings did not say where it listens");
        }
        port = Integer.parseInt(address.group(1));
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    void freeze() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    /** SIGKILL. */
    void kill() {
        close();
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder(
                            "kill", signal, Long.toString(running().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill " + signal + ": " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
