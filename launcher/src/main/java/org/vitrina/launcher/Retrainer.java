package org.vitrina.launcher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/**
 * The retraining of the model on this machine: the model's own program as a worker, which learns from the pairs of metrics,
 * publishes a version into the folder that the running model looks at, or not, and ends.
 */
final class Retrainer {
    static final String PART = "retraining";
    static final String MODEL = "model";
    static final String METRICS = "metrics";
    static final String PREDICTIONS = "predictions";

    /** That of the diabetes model. */
    private static final String CLASSIFIER = "1";

    private static final int LOOK_EVERY_MILLIS = 100;
    /** For the largest number of pairs; the program has as much only while it learns. */
    private static final String HEAP = "-Xmx256m";
    /** What the worker says is on a thread of this name, in a log that has more. */
    private static final String THREAD = "(" + PART + ") ";

    private final Path project;
    private final Path directory;
    private final ServiceSpec model;

    /** @param directory the instance's, whose versions are learned for */
    Retrainer(Path project, Path directory) {
        this.project = project;
        this.directory = directory;
        this.model = Services.of(project).named(MODEL).orElseThrow();
    }

    /**
     * Learns once; blocks until the worker has ended.
     *
     * @param predictions which has the parameters of its regularisation; null: least squares
     * @param settings further environment variables
     * @param told each sentence of the worker, as it says it
     * @return its exit status: 0 also when nothing was worth publishing
     */
    int run(Address metrics, @Nullable Address predictions, Map<String, String> settings, Consumer<String> told) {
        Path log = InstanceFolder.log(directory, PART);
        ServiceProgram program = new ServiceProgram(project, model);
        List<String> options = new ArrayList<>(AotCache.of(program).options());
        options.add(HEAP);
        try {
            Files.createDirectories(log.getParent());
            long read = Files.exists(log) ? Files.size(log) : 0;
            Process worker =
                    Spawner.spawn(program.processSpec(environment(metrics, predictions, settings), options, log));
            if (Files.size(log) < read) { // it was large, and begins anew
                read = 0;
            }
            boolean ended;
            do {
                ended = worker.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                read = tell(log, read, told);
            } while (!ended);
            return worker.exitValue();
        } catch (IOException e) {
            throw new StartException("The retraining could not be started: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }

    private Map<String, String> environment(
            Address metrics, @Nullable Address predictions, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        // nobody asks it anything: any free port of this machine
        environment.put("QUARKUS_HTTP_HOST", metrics.host());
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_HOST", metrics.host());
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");
        environment.put("VITRINA_BROKER_ENABLED", "false");
        environment.put("VITRINA_MODEL_WORKER", "true");
        environment.put("VITRINA_MODEL_RETRAINING_METRICS_URL", metrics.url());
        if (predictions != null) {
            environment.put("VITRINA_MODEL_RETRAINING_CLASSIFIER", CLASSIFIER);
            environment.put("VITRINA_MODEL_RETRAINING_PREDICTIONS_URL", predictions.url());
        }
        model.files()
                .forEach(file -> environment.put(
                        file.variable(), directory.resolve(file.local()).toString()));
        environment.putAll(settings);
        return environment;
    }

    /** The whole lines that have come since; answers where the next one begins. */
    private static long tell(Path log, long from, Consumer<String> told) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            int whole = text.lastIndexOf('\n') + 1;
            text.substring(0, whole)
                    .lines()
                    .filter(line -> line.contains(THREAD))
                    .forEach(line -> told.accept(line.substring(line.indexOf(THREAD) + THREAD.length())));
            return from + text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
