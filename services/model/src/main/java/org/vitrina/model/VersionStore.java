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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Versions as files: the one in the program, and those in the folder that replicas and retraining share. Files are complete
 * from the moment that they have their name. Everything here blocks.
 */
@Singleton
class VersionStore {
    private static final String ENDING = ".pmml";
    private static final String ONNX = ".onnx";
    private static final String CHOICE = "serving.json";
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,63}");
    private static final int LARGEST = 1 << 20;

    private final Optional<Path> directory;
    private final ObjectMapper json;
    /** Files do not change; what the runtime holds of one is held once. */
    private final Map<String, OnnxModel> loaded = new ConcurrentHashMap<>();

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
                        .filter(name -> name.endsWith(ENDING) || name.endsWith(ONNX))
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
    PredictiveModel load(String version) {
        requireName(version);
        try {
            Optional<Path> onnx = onnx(version);
            if (onnx.isPresent()) {
                return onnx(version, onnx.orElseThrow());
            }
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

    static void requireName(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new ArtefactException(
                    "'" + version + "' is no version: letters, digits, points, underscores and hyphens,"
                            + " the first a letter or a digit, 64 at most");
        }
    }

    private Optional<Path> onnx(String version) {
        return directory.map(folder -> folder.resolve(version + ONNX)).filter(Files::isRegularFile);
    }

    private OnnxModel onnx(String version, Path file) throws IOException {
        OnnxModel known = loaded.get(version);
        if (known != null) {
            return known;
        }
        if (Files.size(file) > OnnxFile.LARGEST) {
            throw new IOException("the file is too large");
        }
        OnnxModel read = onnx(version, Files.readAllBytes(file));
        loaded.put(version, read);
        return read;
    }

    private OnnxModel onnx(String version, byte[] file) {
        return OnnxModel.load(version, file, load(FirstModel.VERSION).features(), json);
    }

    /** A new file beside the versions, so that it can become one in a single step. */
    Path upload() {
        try {
            return Files.createTempFile(folder(), "half", ".tmp");
        } catch (IOException e) {
            throw new UncheckedIOException("an upload cannot be kept", e);
        }
    }

    /**
     * Makes a version of an uploaded file once it has been found to be of use; the file is gone afterwards in any case. The same
     * file again under its name changes nothing.
     *
     * @throws ArtefactException if it cannot be used, or the name is another's
     */
    UploadedModel add(String version, Path upload) {
        requireName(version);
        try {
            byte[] bytes = Files.readAllBytes(upload);
            String sha256 = Training.sha256(bytes);
            Optional<Path> present = onnx(version);
            if (present.isPresent() && Arrays.equals(Files.readAllBytes(present.orElseThrow()), bytes)) {
                return UploadedModel.of(onnx(version, present.orElseThrow()), sha256, bytes.length, false);
            }
            if (versions().contains(version)) {
                throw new ArtefactException("there is another version of that name, and a version never changes");
            }
            OnnxModel model = onnx(version, bytes);
            Files.move(upload, folder().resolve(version + ONNX), StandardCopyOption.ATOMIC_MOVE);
            loaded.put(version, model);
            return UploadedModel.of(model, sha256, bytes.length, true);
        } catch (IOException e) {
            throw new UncheckedIOException("version " + version + " cannot be added", e);
        } finally {
            delete(upload);
        }
    }

    /** An upload that came to nothing. */
    static void delete(Path upload) {
        try {
            Files.deleteIfExists(upload);
        } catch (IOException e) {
            throw new UncheckedIOException("an upload cannot be deleted", e);
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
            return Choice.first(new Share(FirstModel.VERSION, 1));
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
            if (Files.exists(file) || onnx(artefact.version()).isPresent()) {
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
