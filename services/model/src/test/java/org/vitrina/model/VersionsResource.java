package org.vitrina.model;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** An empty folder of versions; a field of type {@link Path} in the test is set to it. */
@SuppressWarnings("NullAway.Init") // set when it starts
public final class VersionsResource implements QuarkusTestResourceLifecycleManager {
    private Path folder;

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("vitrina-versions");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "vitrina.model.directory",
                folder.toString(),
                "vitrina.model.watch",
                "100ms",
                "vitrina.model.log-messages",
                "true");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(folder, new TestInjector.MatchesType(Path.class));
    }

    @Override
    public void stop() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
