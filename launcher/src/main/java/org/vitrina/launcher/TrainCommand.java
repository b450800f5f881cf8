package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Makes the AOT caches that are missing for this build: starts the real system on free ports with empty data, asks it for
 * what a user asks, and lets each JVM write its cache as it ends.
 */
@Command(name = "train")
final class TrainCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final int ROUNDS = 30;

    @Mixin
    private final Instance instance;

    private final Path project;

    TrainCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        if (!AotCache.isSupported()) {
            throw new StartException("AOT caches need JDK 25; this is " + Runtime.version() + ".");
        }
        Services services = Services.of(project);
        List<ServiceSpec> missing = services.all().stream()
                .filter(service -> !service.optional())
                .filter(service ->
                        !AotCache.of(new ServiceProgram(project, service)).exists())
                .toList();
        if (missing.isEmpty()) {
            System.out.println("Every service has its AOT cache for this build.");
            return 0;
        }
        Path directory = instance.directory().resolve("training");
        try {
            Binaries.delete(directory);
            train(services, missing, directory);
            Binaries.delete(directory);
        } catch (IOException e) {
            throw new StartException("Training failed: " + e, e);
        }
        return 0;
    }

    private void train(Services services, List<ServiceSpec> missing, Path directory) throws IOException {
        long begun = System.nanoTime();
        StackBuilder builder = Stack.builder(project)
                .directory(directory)
                .timeout(TIMEOUT)
                .progress((part, text) -> say(begun, part, text));
        for (ServiceSpec service : missing) {
            builder.training(service.name(), fresh(service));
        }
        try (Stack stack = builder.start()) {
            stack.awaitReady(TIMEOUT);
            TrainingRequests questions = new TrainingRequests(services, stack);
            for (int round = 0; round < ROUNDS; round++) {
                questions.askAll();
            }
            for (ServiceSpec service : missing) {
                int exit = stack.terminate(service.name());
                if (exit != 0 || !Files.exists(fresh(service))) {
                    throw new StartException(service.name() + " ended with " + exit + " and wrote no AOT cache."
                            + Logs.lastWords(stack.log(service.name())));
                }
                Path cache = AotCache.of(new ServiceProgram(project, service)).file();
                removeOlder(cache.toAbsolutePath());
                Files.move(fresh(service), cache, StandardCopyOption.ATOMIC_MOVE);
                AotCache.of(new ServiceProgram(project, service)).verify();
                say(begun, service.name(), "AOT cache of %d MB written".formatted(Files.size(cache) >> 20));
            }
        }
    }

    private Path fresh(ServiceSpec service) {
        Path cache = AotCache.of(new ServiceProgram(project, service)).file();
        return cache.resolveSibling(cache.getFileName() + ".new");
    }

    private static void removeOlder(Path cache) throws IOException {
        Path folder = cache.getParent();
        if (folder == null) {
            return;
        }
        try (var old = Files.newDirectoryStream(folder, "vitrina-*.aot")) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
    }

    private static void say(long begun, String part, String text) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.println(String.format(Locale.ROOT, "%6.1f s  %-10s %s", seconds, part, text));
    }
}
