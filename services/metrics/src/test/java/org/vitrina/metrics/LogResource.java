package org.vitrina.metrics;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** An empty folder for the log of labels; a field of type {@link Path} in the test is set to it. */
@SuppressWarnings("NullAway.Init") // set when it starts
public final class LogResource implements QuarkusTestResourceLifecycleManager {
    private Path folder;

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("vitrina-labels");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "vitrina.metrics.log.file",
                folder.resolve("labels_log.txt").toString(),
                "vitrina.metrics.upkeep",
                "100ms",
                "vitrina.metrics.partner-limit",
                "10m");
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
