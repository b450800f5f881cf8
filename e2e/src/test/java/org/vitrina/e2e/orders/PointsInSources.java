package org.vitrina.e2e.orders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every crash point that the sources name, so that none is forgotten when a new one comes. */
final class PointsInSources {
    private static final Pattern LITERAL = Pattern.compile("CrashPoint\\s*\\.reached\\(\\s*\"([a-z-]+\\.[a-z0-9-]+)\"");
    private static final Pattern OF_MESSAGING = Pattern.compile("service \\+ \"\\.([a-z0-9-]+)\"");

    /** Who empties an outbox and who takes from queues as customers order. */
    private static final String SENDER = "orders";

    private static final String RECEIVER = "notifications";

    private PointsInSources() {}

    /** The points of one service, by name. */
    static List<String> of(Path project, String service) {
        SortedSet<String> points = new TreeSet<>();
        for (Path source : sources(project.resolve("services").resolve(service))) {
            Matcher literal = LITERAL.matcher(read(source));
            while (literal.find()) {
                points.add(literal.group(1));
            }
        }
        for (Path source : sources(project.resolve("platform/messaging"))) {
            Matcher named = OF_MESSAGING.matcher(read(source));
            while (named.find()) {
                String point = named.group(1);
                if (service.equals(point.startsWith("outbox-") ? SENDER : RECEIVER)) {
                    points.add(service + "." + point);
                }
            }
        }
        return List.copyOf(points);
    }

    private static List<Path> sources(Path module) {
        Path main = module.resolve("src/main/java");
        try (Stream<Path> files = Files.isDirectory(main) ? Files.walk(main) : Stream.of()) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
