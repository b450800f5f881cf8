package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what Linux tells of processes and listening sockets under /proc (proc(5)). */
final class Procfs {
    private static final Path PROC = Path.of("/proc");
    private static final int TICKS_A_SECOND = 100; // USER_HZ, the same on every Linux that Java runs on
    private static final String LISTEN = "0A";

    private Procfs() {}

    /** A process that listens; pid 0 where the system does not say (another user's process). */
    record Holder(long pid, String command) {
        String sentence() {
            return pid == 0 ? "a process of another user" : "process " + pid + " (" + command + ")";
        }
    }

    /** Clock ticks after boot at which the process started, which tells it from a later one with its pid; -1 if gone. */
    static long startTicks(long pid) {
        List<String> fields = statFields(pid);
        return fields.size() > 19
                        && !fields.get(0).equals("Z")
                        && !fields.get(0).equals("X")
                ? Long.parseLong(fields.get(19))
                : -1;
    }

    static boolean isAlive(long pid, long startTicks) {
        return startTicks >= 0 && startTicks(pid) == startTicks;
    }

    static boolean isStopped(long pid) {
        List<String> fields = statFields(pid);
        return !fields.isEmpty() && fields.get(0).equals("T");
    }

    static Duration age(long startTicks) {
        String seconds = read(PROC.resolve("uptime"));
        int space = seconds.indexOf(' ');
        if (space < 0) {
            return Duration.ZERO;
        }
        long upMillis = (long) (Double.parseDouble(seconds.substring(0, space)) * 1000);
        return Duration.ofMillis(Math.max(0, upMillis - startTicks * 1000 / TICKS_A_SECOND));
    }

    /** Resident memory of the process and, without what they share with it, of its descendants. */
    static long residentKilobytes(long pid) {
        long total = statusKilobytes(pid, "VmRSS:");
        List<ProcessHandle> children = ProcessHandle.of(pid)
                .map(handle -> handle.descendants().toList())
                .orElse(List.of());
        for (ProcessHandle child : children) {
            total += statusKilobytes(child.pid(), "RssAnon:");
        }
        return total;
    }

    /** The command line in one line, cut to a readable length. */
    static String commandLine(long pid) {
        String raw = read(PROC.resolve(Long.toString(pid)).resolve("cmdline"))
                .replace('\0', ' ')
                .strip();
        if (raw.isEmpty()) {
            raw = read(PROC.resolve(Long.toString(pid)).resolve("comm")).strip();
        }
        return raw.length() > 160 ? raw.substring(0, 157) + "..." : raw;
    }

    /** Who listens on the TCP port on an address that 127.0.0.1 collides with. */
    static Optional<Holder> listenerOn(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            read(PROC.resolve("net").resolve(table)).lines().skip(1).forEach(line -> {
                String[] columns = line.strip().split("\\s+", -1);
                String hexPort = String.format(Locale.ROOT, ":%04X", port);
                if (columns.length > 9 && columns[3].equals(LISTEN) && columns[1].endsWith(hexPort)) {
                    sockets.add("socket:[" + columns[9] + "]");
                }
            });
        }
        return sockets.isEmpty() ? Optional.empty() : Optional.of(ownerOf(sockets));
    }

    private static Holder ownerOf(Set<String> sockets) {
        for (long pid : pids()) {
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
                for (Path descriptor : descriptors) {
                    if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                        return new Holder(pid, commandLine(pid));
                    }
                }
            } catch (IOException | UncheckedIOException | java.nio.file.DirectoryIteratorException ignored) {
                // gone meanwhile, or another user's
            }
        }
        return new Holder(0, "");
    }

    private static List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            entries.forEach(entry -> pids.add(Long.parseLong(String.valueOf(entry.getFileName()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pids;
    }

    /** The fields of /proc/PID/stat from the third (state) on; the second may hold anything, spaces included. */
    private static List<String> statFields(long pid) {
        String stat = read(PROC.resolve(pid + "/stat"));
        int end = stat.lastIndexOf(')');
        return end < 0 ? List.of() : List.of(stat.substring(end + 2).strip().split(" ", -1));
    }

    private static long statusKilobytes(long pid, String key) {
        return read(PROC.resolve(pid + "/status"))
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // the process ended between two looks
        }
    }
}
