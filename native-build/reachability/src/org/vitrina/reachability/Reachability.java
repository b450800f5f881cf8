package org.vitrina.reachability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds what a native executable would miss, without making one: {@code Reachability PROJECT AGENT FOLDER ALL SERVICE...}.
 * Each run also proves itself: it must find faults that it plants, and those that were mended as if they had come back.
 */
final class Reachability {
    /** A service to the kind of look-up that is planted in it. */
    private static final Map<String, String> PLANTED =
            Map.of("products", "resource", "wallet", "service", "cart", "class");

    private static final String PLANT = "org.vitrina.reachability.watch.Planted";

    /** What a service with a mapping that is not public looks up; no service has one, as the house's rules forbid it. */
    private static final String HIDDEN_MAPPING = String.join(
            "\t",
            "method",
            "org.vitrina.http.HttpConfig$$CMImpl",
            "maxBody()",
            "io.smallrye.config.validator.BeanValidationConfigValidator",
            "validatePropertyValue",
            "()V",
            "",
            "");

    private final long begun = System.nanoTime();
    private final Path settings;
    private final Path project;
    private final Path agent;
    private final Path folder;
    private final boolean all;
    private final List<String> services;
    private final Substitutions substitutions = new Substitutions();
    private final Map<String, Finding> findings = new TreeMap<>();
    private final List<String> unproven = new ArrayList<>();

    private Reachability(Path project, Path agent, Path folder, boolean all, List<String> services) {
        this.settings = project.resolve("native-build/reachability");
        this.project = project;
        this.agent = agent;
        this.folder = folder;
        this.all = all;
        this.services = services;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var check = new Reachability(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                Path.of(arguments[2]),
                Boolean.parseBoolean(arguments[3]),
                List.of(arguments).subList(4, arguments.length));
        System.exit(check.run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var watched = new Watched(project, agent, folder, services, PLANTED);
        for (String service : services) {
            try (Image image = image(service)) {
                Files.write(watched.replaced(service), image.substituted());
            }
        }
        say("watching", String.join(" ", services));
        List<String> broken = watched.run();
        broken.forEach(line -> System.err.println("  " + line));
        if (!broken.isEmpty()) {
            System.err.println("The contract is not answered, so what answers would look up is not known.");
            return false;
        }
        Harmless harmless = Harmless.read(settings.resolve("harmless"));
        for (String service : services) {
            compare(service, watched.record(service), harmless);
        }
        if (all) {
            harmless.unused()
                    .forEach(line -> unproven.add("native-build/reachability/harmless: nothing needs '" + line + "'"));
        }
        findings.values().forEach(System.err::print);
        unproven.forEach(System.err::println);
        if (findings.isEmpty() && unproven.isEmpty()) {
            say("done", "an image would know all of it; planted and once mended faults are found");
            return true;
        }
        return false;
    }

    private void compare(String service, Path record, Harmless harmless) throws IOException {
        List<LookUp> asked;
        try (Stream<String> lines = Files.lines(record)) {
            asked = lines.map(LookUp::parse).toList();
        }
        try (Image image = image(service)) {
            var comparison = new Comparison(image, harmless);
            boolean planted = false;
            int missed = 0;
            for (LookUp one : asked) {
                if (!comparison.misses(one)) {
                    continue;
                }
                if (one.asker().equals(PLANT)) {
                    planted = true;
                    continue;
                }
                missed++;
                findings.computeIfAbsent(one.subject(), Finding::new).add(service, one);
            }
            say(service, "%d look-ups, %d of what the image would not know".formatted(asked.size(), missed));
            if (PLANTED.containsKey(service) && !planted) {
                unproven.add(
                        service + ": the planted " + PLANTED.get(service) + " is not found: this check sees nothing");
            }
            if (!comparison.misses(LookUp.parse(HIDDEN_MAPPING))) {
                unproven.add(service + ": a mapping that is not public would not be found");
            }
        }
        prove(service, asked, harmless);
    }

    private void prove(String service, List<LookUp> asked, Harmless harmless) throws IOException {
        for (String line : Files.readAllLines(settings.resolve("proofs"))) {
            if (!line.startsWith(service + " ")) {
                continue;
            }
            String name = line.substring(service.length() + 1);
            try (Image image = image(service)) {
                var comparison = new Comparison(image, harmless);
                if (!image.forget(name)) {
                    unproven.add(service + ": " + name
                            + " is not registered, though native-build/reachability/proofs says so");
                } else if (asked.stream().noneMatch(one -> one.subject().equals(name) && comparison.misses(one))) {
                    unproven.add(service + ": if " + name + " were not registered, this check would not find it");
                }
            }
        }
    }

    private Image image(String service) throws IOException {
        return new Image(project.resolve("services/" + service + "/target/native-sources"), agent, substitutions);
    }

    private void say(String what, String text) {
        System.out.printf(Locale.ROOT, "%6d s  %-10s %s%n", (System.nanoTime() - begun) / 1_000_000_000, what, text);
    }
}
