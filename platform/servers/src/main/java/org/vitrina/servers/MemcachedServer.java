package org.vitrina.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A memcached of the tests' own, from the machine's package {@code memcached}. */
public final class MemcachedServer extends MemoryServer {
    private static final Path PROGRAM = Path.of("/usr/bin/memcached");

    private MemcachedServer(List<String> settings) {
        super("memcached", port -> command(port, settings), "mn\r\n", 'M');
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

    private static List<String> command(int port, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of("-p", Integer.toString(port), "-U", "0", "-l", "127.0.0.1", "-t", "1"));
        if (ProcessHandle.current().info().user().orElse("").equals("root")) {
            command.addAll(List.of("-u", "root"));
        }
        command.addAll(settings);
        return command;
    }
}
