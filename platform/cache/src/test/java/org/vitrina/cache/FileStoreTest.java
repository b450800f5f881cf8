package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileStoreTest extends SidecarSuite {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Cache<String> cache(CacheSpec<String> of, String... more) {
        String[] settings = Stream.concat(
                        Stream.of("vitrina.cache.topology", "file", "vitrina.cache.file.folder", folder.toString()),
                        Stream.of(more))
                .toArray(String[]::new);
        return cache("redis://127.0.0.1:9", of, settings);
    }

    private List<Path> files(CacheSpec<String> of) {
        try (Stream<Path> all = Files.list(folder.resolve(of.name() + ".v" + of.schemaVersion()))) {
            return all.toList();
        } catch (IOException notYet) {
            return List.of();
        }
    }

    @Test
    void keepsNoMoreFilesThanItMay() {
        Cache<String> cache = cache(spec, "vitrina.cache.file.max-entries", "10");
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();

        assertThat(all(cache, keys).found()).hasSize(100);

        await().atMost(SOON).until(() -> {
            int count = files(spec).size();
            return count > 0 && count <= 10;
        });
    }

    @Test
    void takesATornOrForeignFileForAMiss() {
        Cache<String> cache = cache(spec);
        await().atMost(SOON).until(() -> {
            get(cache, "a", "1");
            return cache.stale("a").await().atMost(AT_MOST) != null;
        });
        for (byte[] bytes :
                List.of(new byte[0], "rubbish".getBytes(java.nio.charset.StandardCharsets.UTF_8), new byte[100])) {
            files(spec).forEach(file -> write(file, bytes));
            assertThat(cache.stale("a").await().atMost(AT_MOST)).isNull();
        }
        assertThat(get(cache, "a", "2").value()).isEqualTo("2");
    }

    @Test
    void removesWhatAnotherReleaseHasKept() {
        Cache<String> old = cache(spec);
        await().atMost(SOON).until(() -> {
            get(old, "a", "1");
            return !files(spec).isEmpty();
        });
        CacheSpec<String> next = spec.withSchemaVersion(2);

        assertThat(get(cache(next), "a", "2").value()).isEqualTo("2");

        await().atMost(SOON).until(() -> files(spec).isEmpty());
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
