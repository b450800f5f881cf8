package org.vitrina.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import redis.embedded.core.ExecutableProvider;

/** A Redis of the tests' own, without persistence. */
public final class RedisServer extends MemoryServer {
    private static final int SILENCE_MILLIS = 1_000;

    private RedisServer(IntFunction<List<String>> command) {
        super("Redis", command, "PING\r\n", '+');
    }

    /**
     * A server of its own for the caller, who closes it.
     *
     * @param settings options of redis-server, such as {@code "--maxmemory", "2mb"}
     */
    public static RedisServer start(String... settings) {
        return new RedisServer(port -> command(port, List.of(settings)));
    }

    /**
     * A sentinel by itself, which makes the primary's replica the primary when that does not answer for half a second. It knows both when
     * this returns; the caller closes it.
     *
     * @param primary with one replica
     */
    public static RedisServer startSentinel(String name, RedisServer primary) throws IOException {
        // it writes what it learns into its settings
        Path settings = Files.createTempFile(Binary.PATH.getParent(), "sentinel", ".conf");
        Files.writeString(
                settings,
                """
                sentinel monitor %1$s 127.0.0.1 %2$d 1
                sentinel down-after-milliseconds %1$s 500
                sentinel failover-timeout %1$s 3000
                """
                        .formatted(name, primary.port()));
        while (!primary.ask("WAIT 1 500").equals(":1")) {
            PollPause.brief();
        }
        RedisServer sentinel = new RedisServer(port -> List.of(
                Binary.PATH.toString(),
                settings.toString(),
                "--sentinel",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1"));
        while (!sentinel.ask("SENTINEL REPLICAS " + name).equals("*1")) {
            PollPause.brief();
        }
        return sentinel;
    }

    /** The first line of what it answers. */
    public String ask(String command) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    /** The one server that all tests of this JVM share; ends with the JVM. */
    public static RedisServer shared() {
        return Shared.SERVER;
    }

    /** Initialisation on demand: made by the first test that needs it. */
    private static final class Shared {
        private static final RedisServer SERVER = start();
    }

    private static List<String> command(int port, List<String> settings) {
        List<String> command = new ArrayList<>();
        command.add(Binary.PATH.toString());
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(settings);
        return command;
    }

    /** As {@code quarkus.redis.hosts} wants it. */
    public String url() {
        return "redis://127.0.0.1:" + port();
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
