package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.Services;

/** Prometheus over a stack, with the rules that a cluster has, where one is installed. */
final class Observation {
    static final String PART = "prometheus";

    private static final Path PROGRAM = Path.of("/usr/bin/prometheus");
    private static final String RULES = "charts/vitrina/files/observability/rules.yaml";

    private Observation() {}

    /** Starts it as a part of the stack; null where there is no Prometheus on this machine. */
    static @Nullable Address start(Path project, Path directory, Stack stack, Services services) {
        if (!Files.isExecutable(PROGRAM)) {
            return null;
        }
        Address address = Ports.free();
        try {
            Path configuration = directory.resolve("prometheus.yaml");
            Files.writeString(configuration, configuration(project, stack, services));
            List<String> command = List.of(
                    PROGRAM.toString(),
                    "--config.file=" + configuration,
                    "--storage.tsdb.path=" + directory.resolve(PART),
                    "--storage.tsdb.retention.time=1d",
                    "--web.listen-address=" + address);
            ProcessSpec spec = new ProcessSpec(
                    command,
                    Map.of(),
                    directory,
                    InstanceFolder.log(directory, PART),
                    "TERM",
                    "TERM",
                    ProcessSpec.Identity.SAME);
            Part part = stack.add(PART, spec, address, 0, pid -> Probes.isOpen(address));
            part.supervise();
            part.start();
            return address;
        } catch (IOException e) {
            throw new StartException("Prometheus cannot be started: " + e, e);
        }
    }

    /** Of the ports that this instance has. */
    private static String configuration(Path project, Stack stack, Services services) {
        StringBuilder text = new StringBuilder("# Written by ./vitrina up --observe.\n")
                .append("global: {scrape_interval: 5s, evaluation_interval: 15s}\n")
                .append("rule_files: [\"" + project.resolve(RULES).toAbsolutePath() + "\"]\n")
                .append("scrape_configs:\n")
                .append("  - job_name: vitrina\n    metrics_path: /q/metrics\n    static_configs:\n");
        for (PartStatus part : stack.parts()) {
            if (services.named(part.name()).isPresent()) {
                text.append("      - {targets: [\"" + stack.managementAddress(part.name())
                        + "\"], labels: {job: vitrina-" + part.name() + "}}\n");
            }
        }
        return text.toString();
    }
}
