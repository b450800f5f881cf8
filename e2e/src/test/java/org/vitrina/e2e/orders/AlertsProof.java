package org.vitrina.e2e.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The page docs/alerts-proof.md. */
final class AlertsProof {
    static final Path PAGE = OrderStack.PROJECT.resolve("docs/alerts-proof.md");

    private AlertsProof() {}

    /** When an alert fired after its fault had begun, and when it was resolved after its end. */
    record Driven(String alert, DrivenFault fault, Duration fired, Duration resolved) {}

    static void write(List<DrivenFault> faults, List<Driven> alerts, List<Panels.Move> moves) throws IOException {
        StringBuilder page = new StringBuilder(
                """
                # Alerts and panels, each by a fault

                Written by `ObservabilityIT` (module `e2e`, `./vitrina test --soak`), which starts the packaged services with PostgreSQL, broker, Redis and SMS provider under a trickle of pages, orders and new features, and Debian's Prometheus and Alertmanager over them; do not edit.
                The rules are the chart's own with windows and ages of seconds (`[5m]` is `[8s]`, `for: 2m` is `1s`, an order waits for 5 s instead of a minute), each scrape and evaluation is of a second; objectives and shares are as they are.
                So the figures say that an alert comes and goes with its fault, not how long it takes in a shop: there add the windows of `rules.yaml`.

                ## Faults

                | fault | what is done | how it is undone |
                |---|---|---|
                """);
        for (DrivenFault fault : faults) {
            row(page, "`" + fault.name() + "`", fault.what(), fault.undone());
        }
        page.append(
                "\n## Alerts\n\nSeconds from the fault's begin until a receiver of Alertmanager was told that the alert fires,"
                        + " and from its end until it was told that it is resolved.\n"
                        + "What is marked with \\* counts what was done too late, and so can fire only when the fault is over.\n\n"
                        + "| alert | of | fault | fires after | resolved after |\n|---|---|---|---|---|\n");
        for (AlertsProof.Driven one : alerts) {
            String[] name = one.alert().split(" ", 2);
            row(
                    page,
                    "[" + name[0] + "](operations.md#" + name[0].toLowerCase(Locale.ROOT) + ")",
                    name.length > 1 ? name[1] : "",
                    "`" + one.fault().name() + "`" + (one.fault().late().contains(one.alert()) ? " \\*" : ""),
                    one.fired().toSeconds() + " s",
                    one.resolved().toSeconds() + " s");
        }
        page.append(
                "\n## Panels\n\nThe highest value of a line in the seconds before the fault and while it lasted (or took effect),"
                        + " of one that falls the lowest.\n\n"
                        + "| dashboard | panel | line | fault | before | then |\n|---|---|---|---|---|---|\n");
        for (Panels.Move move : moves) {
            Panels.Panel panel = move.panel();
            row(
                    page,
                    panel.dashboard(),
                    panel.title(),
                    panel.line(),
                    "`" + panel.fault() + "`",
                    figure(move.before()),
                    figure(move.during()));
        }
        Files.writeString(PAGE, page.toString());
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String figure(double value) {
        return value != 0 && Math.abs(value) < 0.01
                ? String.format(Locale.ROOT, "%.1e", value)
                : String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }
}
