package org.vitrina.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** A Redis of the tests' own, without persistence. */
public final class RedisServer extends MemoryServer {
    private RedisServer(List<String> settings) {
        super("Redis", port -> command(port, settings), "PING\r\n", '+');
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
