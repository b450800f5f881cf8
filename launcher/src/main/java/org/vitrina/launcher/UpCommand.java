package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** Starts the system, says how it gets on, and stays until it is asked to stop. */
final class UpCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path project;
    private final Arguments arguments;
    private final Services services;
    private final long begun = System.nanoTime();

    UpCommand(Path project, Arguments arguments) {
        this.project = project;
        this.arguments = arguments;
        this.services = Services.of(project);
    }

    int run() {
        if (!arguments.rest().isEmpty()) {
            throw new Arguments.UsageException(
                    "'up' takes options only, not '" + arguments.rest().get(0) + "'.");
        }
        if (arguments.fresh()) {
            empty();
        }
        StackBuilder builder = Stack.builder(project)
                .directory(arguments.directory())
                .fixedPorts(arguments.portOffset())
                .supervised(true)
                .progress(this::line);
        if (!arguments.only().isEmpty()) {
            try {
                builder.only(arguments.only());
            } catch (StartException unknownPart) {
                throw new Arguments.UsageException(String.valueOf(unknownPart.getMessage()));
            }
        }
        Stack stack = builder.prepare();
        AtomicInteger status = new AtomicInteger();
        endWithTheJvm(stack, status);
        try {
            stack.startAll();
            stack.awaitReady(PATIENCE);
            new Questions(services, stack).askForThePageUntilQuick(Duration.ofMillis(300), Duration.ofSeconds(3));
        } catch (StartException e) {
            System.err.println(e.getMessage());
            status.set(1);
            return 1;
        }
        line("vitrina", "ready");
        printUrls(stack);
        try {
            new CountDownLatch(1).await(); // until a signal starts the hook
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** Ctrl-C, SIGTERM, SIGHUP and a failed start all come here; being asked to stop is no failure, so it ends with 0. */
    private void endWithTheJvm(Stack stack, AtomicInteger status) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (status.get() == 0) {
                                line("vitrina", "stopping");
                            }
                            stack.close();
                            if (status.get() == 0) {
                                line("vitrina", "stopped, data stays in " + arguments.directory());
                            }
                            Runtime.getRuntime().halt(status.get());
                        },
                        "vitrina-stop"));
    }

    private void empty() {
        RunState.read(InstanceFolder.stateFile(arguments.directory()))
                .launcher()
                .ifPresent(running -> {
                    throw new StartException(InstanceFolder.runningAlready(arguments.directory()));
                });
        Set<String> folders = new TreeSet<>(List.of(Postgres.FOLDER, Broker.FOLDER, "logs"));
        for (ServiceSpec service : services.all()) {
            service.files().forEach(file -> folders.add(file.local().replaceAll("/.*", "")));
        }
        for (String folder : folders) {
            Path path = arguments.directory().resolve(folder);
            if (Files.exists(path)) {
                line("vitrina", "--fresh: deleting " + path);
                try {
                    Binaries.delete(path);
                } catch (IOException e) {
                    throw new StartException(path + " cannot be deleted: " + e, e);
                }
            }
        }
    }

    private void printUrls(Stack stack) {
        StringBuilder text = new StringBuilder("\n");
        for (PartStatus part : stack.parts()) {
            String url = part.address().url();
            services.front().filter(front -> front.name().equals(part.name())).ifPresent(front -> {
                row(text, "the products page", url + front.lookAt());
                row(text, "live resilience", url + "/ops/resilience");
            });
        }
        for (PartStatus part : stack.parts()) {
            if (services.named(part.name()).isPresent()) {
                row(text, part.name() + " API", part.address().url() + "/q/swagger-ui");
                row(
                        text,
                        part.name() + " health",
                        stack.managementAddress(part.name()).url() + "/q/health/ready");
            }
        }
        row(text, "logs", arguments.directory().resolve("logs") + "   (./vitrina logs SERVICE -f)");
        if (couldStartFaster(stack)) {
            text.append(
                    "\nNext time it starts three times faster after './vitrina train' (two minutes, once a build).\n");
        }
        text.append("\nCtrl-C stops everything; so does './vitrina down' from another terminal.\n");
        System.out.println(text);
    }

    private boolean couldStartFaster(Stack stack) {
        return AotCache.isSupported()
                && stack.parts().stream()
                        .flatMap(part -> services.named(part.name()).stream())
                        .anyMatch(service -> !AotCache.of(new ServiceProgram(project, service))
                                .exists());
    }

    private static void row(StringBuilder text, String what, String where) {
        text.append(String.format(Locale.ROOT, "  %-18s %s%n", what, where));
    }

    private void line(String part, String text) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.println(String.format(Locale.ROOT, "%6.1f s  %-10s %s", seconds, part, text));
    }
}
