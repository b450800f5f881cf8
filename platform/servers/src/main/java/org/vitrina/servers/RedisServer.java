package org.vitrina.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis of the tests' own on 127.0.0.1, without persistence, which can be frozen, killed and started again on its
 * port. It is gone when it is closed, or when the JVM ends.
 */
public final class RedisServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final List<String> settings;
    private final Path folder;
    private final int port;
    private final Thread atExit = new Thread(this::end, "redis-end");
    private Process process;
    private ServerGuard guard;

    private RedisServer(List<String> settings) {
        this.settings = settings;
        this.port = FreePort.find();
        try {
            this.folder = Files.createTempDirectory("vitrina-redis");
            this.process = launch();
            this.guard = ServerGuard.of(process.pid(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Redis did not start on port " + port, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * A server of its own for the caller, who closes it.
     *
     * @param settings options of redis-server, such as {@code "--maxmemory", "2mb"}
     */
    public static RedisServer start(String... settings) {
        return new RedisServer(List.of(settings));
    }

    /** The one server that all tests of this JVM share; ends with the JVM. */
    public static RedisServer shared() {
        return Shared.SERVER;
    }

    /** Initialisation on demand: made by the first test that needs it. */
    private static final class Shared {
        private static final RedisServer SERVER = start();
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Binary.PATH.toString());
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(settings);
        Path log = folder.resolve("redis.log");
        Process started = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                started.destroyForcibly();
                throw new IOException("redis-server said: " + Files.readString(log));
            }
            PollPause.brief();
        }
        return started;
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return in.read() == '+';
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** As {@code quarkus.redis.hosts} wants it. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
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
            throw new UncheckedIOException("Redis did not start again on port " + port, e);
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

    /** The program out of the embedded-redis jar, unpacked once a JVM. */
    private static final class Binary {
        private static final Path PATH = unpack();

        private static Path unpack() {
            try {
                Path folder = Files.createTempDirectory("vitrina-redis-binary");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.delete(folder), "redis-binary-end"));
                return ExecutableProvider.newJarResourceProvider(folder.toFile())
                        .get()
                        .toPath();
            } catch (IOException e) {
                throw new UncheckedIOException("the redis-server of the jar cannot be unpacked", e);
            }
        }
    }
}
