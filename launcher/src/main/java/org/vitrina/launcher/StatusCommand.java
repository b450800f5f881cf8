package org.vitrina.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.vitrina.launcher.spec.Server;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints a table of the parts as they are at this moment; the exit status is 0 when all are ready. */
@Command(name = "status")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final Instance instance;

    private final Path project;

    StatusCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        RunState state = instance.state();
        if (state.launcher().isEmpty()) {
            System.out.println("Vitrina does not run from " + instance.directory() + ".");
            return 1;
        }
        List<String> names = Services.of(project).partNames();
        List<RunState.Entry> parts = state.entries().stream()
                .filter(entry -> names.contains(StackBuilder.serviceOf(entry.name())))
                .toList();
        System.out.println(row("PART", "STATE", "PID", "PORT", "MANAGEMENT", "UPTIME", "RESTARTS", "RSS"));
        boolean well = true;
        for (RunState.Entry part : parts) {
            boolean alive = part.isAlive();
            String shown = shownState(part, alive);
            well &= shown.equals("ready");
            System.out.println(row(
                    part.name(),
                    shown,
                    alive ? Long.toString(part.pid()) : "-",
                    Integer.toString(part.port()),
                    part.managementPort() == 0 ? "-" : Integer.toString(part.managementPort()),
                    alive ? readable(Procfs.age(part.startTicks())) : "-",
                    Integer.toString(part.restarts()),
                    alive ? Procfs.residentKilobytes(part.pid()) / 1024 + " MB" : "-"));
        }
        state.launcher().ifPresent(launcher -> parts.stream()
                .filter(part -> part.name().equals(Server.BROKER.partName()))
                .filter(part -> part.port() != Server.BROKER.port() + launcher.port())
                .forEach(part -> System.out.println("The broker listens on " + part.port() + ": "
                        + (Server.BROKER.port() + launcher.port()) + " was taken when it started.")));
        return well ? 0 : 1;
    }

    private static String shownState(RunState.Entry part, boolean alive) {
        if (!alive) {
            return part.state() == PartState.WAITING ? "restarting" : "down";
        }
        if (Procfs.isStopped(part.pid())) {
            return "frozen";
        }
        return isReady(part) ? "ready" : part.state() == PartState.STARTING ? "starting" : "not ready";
    }

    private static boolean isReady(RunState.Entry part) {
        Address address = new Address("127.0.0.1", part.port());
        return Server.named(part.name())
                .map(server -> switch (server) {
                    case POSTGRES -> part.state() == PartState.READY;
                    case REDIS -> Probes.redisIsReady(address);
                    case BROKER -> Probes.brokerIsReady(address);
                })
                .orElseGet(() -> Probes.serviceIsReady(new Address("127.0.0.1", part.managementPort())));
    }

    private static String readable(Duration age) {
        if (age.toHours() > 0) {
            return "%dh%02dm".formatted(age.toHours(), age.toMinutesPart());
        }
        return age.toMinutes() > 0 ? "%dm%02ds".formatted(age.toMinutes(), age.toSecondsPart()) : age.toSeconds() + "s";
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "%-13s %-10s %8s %6s %11s %8s %9s %8s", (Object[]) cells);
    }
}
