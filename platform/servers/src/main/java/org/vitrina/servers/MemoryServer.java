package org.vitrina.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * A server of the tests' own on 127.0.0.1 that keeps nothing on disk, and can be frozen, killed and started again on its port.
 * It is gone when it is closed, or when the JVM ends.
 */
public abstract class MemoryServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final IntFunction<List<String>> command;
    private final byte[] question;
    private final char answer;
    private final Path folder;
    private final int port = FreePort.find();
    private final Thread atExit;
    private Process process;
    private ServerGuard guard;

    /**
     * @param command starts it at the given port
     * @param question what it is asked to see whether it is there
     * @param answer how its answer to that begins
     */
    MemoryServer(String name, IntFunction<List<String>> command, String question, char answer) {
        this.name = name;
        this.command = command;
        this.question = question.getBytes(StandardCharsets.US_ASCII);
        this.answer = answer;
        String lower = name.toLowerCase(Locale.ROOT);
        this.atExit = new Thread(this::end, lower + "-end");
        try {
            this.folder = Files.createTempDirectory("vitrina-" + lower);
            this.process = launch();
            this.guard = ServerGuard.of(process.pid(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " did not start on port " + port, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private Process launch() throws IOException {
        Path log = folder.resolve("log");
        Process started = new ProcessBuilder(command.apply(port))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                started.destroyForcibly();
                throw new IOException(name + " said: " + Files.readString(log));
            }
            PollPause.brief();
        }
        return started;
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(question);
            return socket.getInputStream().read() == answer;
        } catch (IOException e) {
            return false;
        }
    }

    public final int port() {
        return port;
    }

    public final long pid() {
        return process.pid();
    }

    /** SIGSTOP: connections are still accepted by the kernel, and nothing is answered. */
    public final void freeze() {
        ProcessSignals.freeze(process.toHandle());
    }

    public final void thaw() {
        ProcessSignals.thaw(process.toHandle());
    }

    /** SIGKILL: connections are reset, new ones are refused. */
    public final void kill() {
        ProcessSignals.kill(process.toHandle());
    }

    /** Starts it again, empty, on the same port, killing it before if it still runs. */
    public final void restart() {
        kill();
        try {
            process = launch();
            guard.dismiss();
            guard = ServerGuard.of(process.pid(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " did not start again on port " + port, e);
        }
    }

    /** Ends the server and removes its files. */
    @Override
    public final void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        kill();
        guard.dismiss();
        Folders.delete(folder);
    }
}
