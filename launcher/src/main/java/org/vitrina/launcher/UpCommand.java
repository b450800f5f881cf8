package org.vitrina.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the system, says how it gets on, and stays until it is asked to stop. */
@Command(name = "up")
final class UpCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    /** What is called so often is compiled (the flags of {@link ServiceProgram}). */
    private static final int QUESTIONS = 64;

    @Mixin
    private final Instance instance;

    @Option(names = "--fresh")
    private boolean fresh;

    @Option(names = "--only", split = ",")
    private List<String> only = List.of();

    @Option(names = "--discovery")
    private String discovery = "off";

    @Option(names = "--replicas", split = ",")
    private Map<String, Integer> replicas = Map.of();

    @Option(names = "--auth")
    private String auth = "off";

    @Option(names = "--observe")
    private boolean observe;

    @Option(names = "--retrain-every", paramLabel = "MINUTES")
    private int retrainMinutes = 60;

    @Option(names = "--traces")
    private @Nullable URI traces;

    private final Path project;
    private final long begun = System.nanoTime();

    UpCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        if (retrainMinutes < 0) {
            throw instance.misused("'--retrain-every' needs a number of minutes, or 0 for never.");
        }
        Services services = Services.of(project);
        if (fresh) {
            empty(services);
        }
        StackBuilder builder = Stack.builder(project)
                .directory(instance.directory())
                .fixedPorts(instance.portOffset())
                .supervised(true)
                .progress(this::line);
        try {
            if (!only.isEmpty()) {
                builder.only(only);
            }
            find(builder);
            if (traces != null) {
                builder.traces(traces, 1);
            }
        } catch (StartException unknownPart) {
            throw instance.misused(String.valueOf(unknownPart.getMessage()));
        }
        Stack stack = builder.prepare();
        AtomicInteger status = new AtomicInteger();
        endWithTheJvm(stack, status);
        try {
            stack.startAll();
            stack.awaitReady(TIMEOUT);
            var training = new TrainingRequests(services, stack);
            training.askForThePageUntilQuick(Duration.ofMillis(300), Duration.ofSeconds(3));
            training.askTheFront(QUESTIONS, Duration.ofSeconds(4));
        } catch (StartException e) {
            System.err.println(e.getMessage());
            status.set(1);
            return 1;
        }
        new DevServer(project, stack, this::line).open(instance.directory());
        line("vitrina", "ready");
        retrain(stack);
        Address prometheus = observe ? Observation.start(project, instance.directory(), stack, services) : null;
        printUrls(stack, services, prometheus);
        try {
            new CountDownLatch(1).await(); // until a signal starts the hook
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** As the chart's clock does: a process that learns and ends, so that nothing waits in memory for the next hour. */
    private void retrain(Stack stack) {
        if (retrainMinutes == 0 || !stack.has(Retrainer.MODEL) || !stack.has(Retrainer.METRICS)) {
            return;
        }
        Retrainer retrainer = new Retrainer(project, instance.directory());
        stack.everyMinutes(
                retrainMinutes,
                () -> retrainer.run(
                        stack.address(Retrainer.METRICS),
                        stack.has(Retrainer.PREDICTIONS) ? stack.address(Retrainer.PREDICTIONS) : null,
                        Map.of(),
                        said -> line(Retrainer.PART, said)));
    }

    private void find(StackBuilder builder) {
        if (discovery.equals("registry")) {
            builder.discovery();
        } else if (!discovery.equals("off")) {
            throw new StartException("There is no discovery '" + discovery + "'; there are off and registry.");
        }
        if (discovery.equals("off") && !replicas.isEmpty()) {
            throw new StartException("Nobody would find the replicas: say --discovery registry too.");
        }
        replicas.forEach(builder::replicas);
        if (auth.equals("demo")) {
            builder.authenticated();
        } else if (!auth.equals("off")) {
            throw new StartException("There is no authentication '" + auth + "' here; there are off and demo.");
        }
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
                                line("vitrina", "stopped, data stays in " + instance.directory());
                            }
                            Runtime.getRuntime().halt(status.get());
                        },
                        "vitrina-stop"));
    }

    private void empty(Services services) {
        instance.state().launcher().ifPresent(running -> {
            throw new StartException(InstanceFolder.runningAlready(instance.directory()));
        });
        Set<String> folders = new TreeSet<>(List.of(Postgres.FOLDER, Broker.FOLDER, Observation.PART, "logs"));
        for (ServiceSpec service : services.all()) {
            service.files().forEach(file -> folders.add(file.local().replaceAll("/.*", "")));
        }
        for (String folder : folders) {
            Path path = instance.directory().resolve(folder);
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

    private void printUrls(Stack stack, Services services, @Nullable Address prometheus) {
        StringBuilder text = new StringBuilder("\n");
        for (PartStatus part : stack.parts()) {
            String url = part.address().url();
            services.front().filter(front -> front.name().equals(part.name())).ifPresent(front -> {
                row(text, "the products page", url + front.lookAt());
                row(text, "live resilience", url + "/ops/resilience");
                if (auth.equals("demo")) {
                    row(text, "sign in", url + "/session/sign-in   (for curl: ./vitrina token --user 1)");
                }
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
        if (retrainMinutes > 0 && stack.has(Retrainer.MODEL) && stack.has(Retrainer.METRICS)) {
            row(text, "retraining", "every " + retrainMinutes + " minutes; at once: ./vitrina retrain");
        }
        row(text, "logs", instance.directory().resolve("logs") + "   (./vitrina logs SERVICE -f)");
        if (prometheus != null) {
            row(text, "Prometheus", prometheus.url() + "/alerts");
            row(text, "Grafana's files", project.resolve("charts/vitrina/files/observability/dashboards"));
        } else if (observe) {
            text.append("\nThere is no Prometheus here: apt-get install prometheus   (Debian, Ubuntu)\n");
        }
        if (couldStartFaster(stack, services)) {
            text.append(
                    "\nNext time it starts three times faster after './vitrina train' (two minutes, once a build).\n");
        }
        text.append("\nCtrl-C stops everything; so does './vitrina down' from another terminal.\n");
        System.out.println(text);
    }

    private boolean couldStartFaster(Stack stack, Services services) {
        return AotCache.isSupported()
                && stack.parts().stream()
                        .flatMap(part -> services.named(part.name()).stream())
                        .anyMatch(service -> !AotCache.of(new ServiceProgram(project, service))
                                .exists());
    }

    private static void row(StringBuilder text, String what, Object where) {
        text.append(String.format(Locale.ROOT, "  %-18s %s%n", what, where));
    }

    private void line(String part, String text) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.println(String.format(Locale.ROOT, "%6.1f s  %-10s %s", seconds, part, text));
    }
}
