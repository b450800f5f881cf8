package org.vitrina.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A memcached of the tests' own on 127.0.0.1, from the machine's package {@code memcached}, which can be frozen, killed and
 * started again on its port. It is gone when it is closed, or when the JVM ends.
 */
public final class MemcachedServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/memcached");
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final List<String> settings;
    private final Path folder;
    private final int port = FreePort.find();
    private final Thread atExit = new Thread(this::end, "memcached-end");
    private Process process;
    private ServerGuard guard;

    private MemcachedServer(List<String> settings) {
        this.settings = settings;
        try {
            this.folder = Files.createTempDirectory("vitrina-memcached");
            this.process = launch();
            this.guard = ServerGuard.of(process.pid(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException("memcached did not start on port " + port, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Whether the machine has one; Debian and Ubuntu: {@code apt-get install memcached}. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * A server of its own for the caller, who closes it.
     *
     * @param settings options of memcached, such as {@code "-m", "2"}
     */
    public static MemcachedServer start(String... settings) {
        return new MemcachedServer(List.of(settings));
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of("-p", Integer.toString(port), "-U", "0", "-l", "127.0.0.1", "-t", "1"));
        if (ProcessHandle.current().info().user().orElse("").equals("root")) {
            command.addAll(List.of("-u", "root"));
        }
        command.addAll(settings);
        Path log = folder.resolve("memcached.log");
        Process started = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                started.destroyForcibly();
                throw new IOException("memcached said: " + Files.readString(log));
            }
            PollPause.brief();
        }
        return started;
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("mn\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'M';
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** SIGSTOP: connections are still accepted by the kernel, and nothing is answered. */
    public void freeze() {
        ProcessSignals.freeze(process.toHandle());
    }

    public void thaw() {
        ProcessSignals.thaw(process.toHandle());
    }

    /** SIGKILL: connections are reset, new ones are refused. */
    public void kill() {
        ProcessSignals.kill(process.toHandle());
    }

    /** Starts it again, empty, on the same port, killing it before if it still runs. */
    public void restart() {
        kill();
        try {
            process = launch();
            guard.dismiss();
            guard = ServerGuard.of(process.pid(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException("memcached did not start again on port " + port, e);
        }
    }

    /** Ends the server and removes its files. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        kill();
        guard.dismiss();
        Folders.delete(folder);
    }
}
