package org.vitrina.migrations;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The change sets of platform's tables, which this program carries: a folder for each table. A service's change log says by a
 * file {@code NNNN-platform.txt}, one table a line, which of them it uses and after which of its own change sets they come.
 */
final class PlatformTables implements AutoCloseable {
    /** What the database's path of such a change set begins with; a service's own has no folder. */
    static final String FOLDER = "platform/";

    private static final Pattern LIST = Pattern.compile("[0-9]{4}-platform\\.txt");

    private final Path root;
    private final @Nullable FileSystem jar;

    private PlatformTables(Path root, @Nullable FileSystem jar) {
        this.root = root;
        this.jar = jar;
    }

    /** From this program's own jar or folder of classes. */
    static PlatformTables open() throws IOException {
        var source = Objects.requireNonNull(
                PlatformTables.class.getProtectionDomain().getCodeSource());
        try {
            Path place = Path.of(source.getLocation().toURI());
            if (Files.isDirectory(place)) {
                return new PlatformTables(place.resolve("db"), null);
            }
            FileSystem jar = FileSystems.newFileSystem(place);
            return new PlatformTables(jar.getPath("/db"), jar);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    static boolean isList(Path file) {
        return LIST.matcher(file.getFileName().toString()).matches();
    }

    /** Where the paths of the change sets begin. */
    Path root() {
        return root;
    }

    /** The folders of the tables that the file lists, in its order. */
    List<Path> listedIn(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            List<Path> folders = lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(table -> root.resolve(FOLDER + table))
                    .toList();
            for (Path folder : folders) {
                if (!Files.isDirectory(folder)) {
                    throw MigrationException.usage(file + " lists '" + folder.getFileName()
                            + "', but platform's tables are " + String.join(", ", known()) + ".");
                }
            }
            return folders;
        }
    }

    private List<String> known() throws IOException {
        try (Stream<Path> folders = Files.list(root.resolve(FOLDER))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        if (jar != null) {
            jar.close();
        }
    }
}
