package org.vitrina.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Versions as files: the one in the program, and those in the folder that replicas and retraining share. Files are complete
 * from the moment that they have their name. Everything here blocks.
 */
@Singleton
class VersionStore {
    private static final String ENDING = ".pmml";
    private static final String CHOICE = "serving.json";
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,63}");
    private static final int LARGEST = 1 << 20;

    private final Optional<Path> directory;
    private final ObjectMapper json;

    VersionStore(ModelConfig config, ObjectMapper json) {
        this.directory = config.directory();
        this.json = json;
    }

    boolean canChange() {
        return directory.isPresent();
    }

    /** Names of all versions. */
    List<String> versions() {
        List<String> versions = new ArrayList<>(List.of(FirstModel.VERSION));
        directory.filter(Files::isDirectory).ifPresent(folder -> {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.endsWith(ENDING))
                        .map(name -> name.substring(0, name.length() - ENDING.length()))
                        .filter(name -> VERSION.matcher(name).matches() && !versions.contains(name))
                        .sorted()
                        .forEach(versions::add);
            } catch (IOException e) {
                throw new UncheckedIOException("the folder of versions cannot be read", e);
            }
        });
        return versions;
    }

    /** @throws ArtefactException if there is no such version, or it cannot be used */
    Artefact load(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new ArtefactException("'" + version + "' is no version");
        }
        try {
            Artefact artefact = Pmml.read(text(version));
            if (!artefact.version().equals(version)) {
                throw new ArtefactException("the file of version " + version + " holds version " + artefact.version());
            }
            return artefact;
        } catch (IOException e) {
            throw new ArtefactException("version " + version + " cannot be read: " + e.getMessage(), e);
        } catch (ArtefactException e) {
            throw new ArtefactException("version " + version + " cannot be used: " + e.getMessage(), e);
        }
    }

    private String text(String version) throws IOException {
        if (version.equals(FirstModel.VERSION)) {
            try (InputStream file = VersionStore.class.getResourceAsStream(FirstModel.VERSION + ENDING)) {
                if (file == null) {
                    throw new IOException("it is not in the program");
                }
                return new String(file.readAllBytes(), UTF_8);
            }
        }
        Path file = directory
                .orElseThrow(() -> new IOException("there is no vitrina.model.directory"))
                .resolve(version + ENDING);
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file.getFileName());
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException("the file is too large");
        }
        return Files.readString(file);
    }

    /** The choice that is written down; the version of the program where none is. */
    Choice choice() {
        Optional<Path> file = directory.map(folder -> folder.resolve(CHOICE)).filter(Files::exists);
        if (file.isEmpty()) {
            return new Choice(List.of(new Share(FirstModel.VERSION, 1)), List.of());
        }
        try {
            Choice choice = json.readValue(Files.readString(file.orElseThrow()), Choice.class);
            requireUsable(choice.serving());
            return choice;
        } catch (JsonProcessingException e) {
            throw new ArtefactException(CHOICE + " is not readable: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ArtefactException(CHOICE + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @throws ArtefactException if versions could not be chosen by these shares */
    static void requireUsable(List<Share> shares) {
        if (shares.isEmpty() || shares.size() > 10) {
            throw new ArtefactException("one to ten versions must be named");
        }
        if (shares.stream().anyMatch(share -> share.version() == null || share.weight() < 0 || share.weight() > 10_000)
                || shares.stream().mapToInt(Share::weight).sum() == 0) {
            throw new ArtefactException("weights are 0 to 10000, and not all 0");
        }
        if (shares.stream().map(Share::version).distinct().count() != shares.size()) {
            throw new ArtefactException("a version is named twice");
        }
    }

    /** From now on this is the choice of all replicas. */
    void choose(Choice choice) {
        try {
            replace(
                    folder().resolve(CHOICE),
                    json.writerWithDefaultPrettyPrinter().writeValueAsString(choice));
        } catch (IOException e) {
            throw new UncheckedIOException("the choice cannot be written down", e);
        }
    }

    /** A number that no version has yet. */
    String nextVersion() {
        return Integer.toString(versions().stream()
                        .filter(version -> version.matches("[0-9]{1,9}"))
                        .mapToInt(Integer::parseInt)
                        .max()
                        .orElse(0)
                + 1);
    }

    /** Adds a version, whose name must be new. */
    void publish(Artefact artefact) {
        try {
            Path file = folder().resolve(artefact.version() + ENDING);
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            replace(file, Pmml.write(artefact));
        } catch (IOException e) {
            throw new UncheckedIOException("version " + artefact.version() + " cannot be published", e);
        }
    }

    private Path folder() throws IOException {
        Path folder = directory.orElseThrow(() -> new IOException("there is no vitrina.model.directory"));
        return Files.createDirectories(folder);
    }

    private static void replace(Path file, String text) throws IOException {
        Path half = Files.createTempFile(file.getParent(), "half", ".tmp");
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
