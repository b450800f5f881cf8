package org.vitrina.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * A line for each message, in a file that is rotated by size. It blocks, and is written by the queues' own threads; what
 * cannot be written is told once and lost, as the pairs are what counts.
 */
@Singleton
class LabelLog {
    private static final Logger LOG = Logger.getLogger(LabelLog.class);

    private final Path file;
    private final String text;
    private final long size;
    private final int keep;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean failed = new AtomicBoolean();

    @Inject
    LabelLog(MetricsConfig config) {
        this(
                config.log().file(),
                config.log().text(),
                config.log().size().asLongValue(),
                config.log().keep());
    }

    LabelLog(Path file, String text, long size, int keep) {
        this.file = file.toAbsolutePath();
        this.text = text;
        this.size = size;
        this.keep = keep;
    }

    void write(String queue, List<Double> values) {
        if (values.isEmpty()) {
            return;
        }
        var lines = new StringBuilder();
        for (double value : values) {
            lines.append(text.replace("{queue}", queue).replace("{value}", Double.toString(value)))
                    .append('\n');
        }
        byte[] bytes = lines.toString().getBytes(UTF_8);
        writing.lock();
        try {
            rotate(bytes.length);
            Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            failed.set(false);
        } catch (IOException e) {
            if (!failed.getAndSet(true)) {
                LOG.errorf("%s cannot be written: %s", file, e);
            }
        } finally {
            writing.unlock();
        }
    }

    private void rotate(int more) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        if (!Files.exists(file) || Files.size(file) == 0 || Files.size(file) + more <= size) {
            return;
        }
        for (int i = keep; i > 0; i--) {
            Path older = i == 1 ? file : aside(i - 1);
            if (Files.exists(older)) {
                Files.move(older, aside(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path aside(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }
}
