package org.vitrina.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The meters that are ours, each as {@code name{label,label}}: as a process exports them, and as docs/metrics.md has them. */
public final class ExportedMeters {
    private static final Pattern TYPE = Pattern.compile("# TYPE (vitrina_\\S+) \\S+");
    private static final Pattern SAMPLE = Pattern.compile("(vitrina_[a-z_]+?)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern ROW = Pattern.compile("\\| `(vitrina_[a-z_]+)` \\| ([`a-z, ]*)\\|.*");
    private static final Pattern PART_OF_A_FAMILY = Pattern.compile("_(bucket|count|sum|max)$");
    private static final Set<String> OF_HISTOGRAMS = Set.of("le", "quantile");

    private ExportedMeters() {}

    /** Those in an answer of {@code /q/metrics}. */
    public static Set<String> of(String export) {
        Set<String> families = new TreeSet<>();
        Matcher type = TYPE.matcher(export);
        while (type.find()) {
            families.add(Objects.requireNonNull(type.group(1)));
        }
        Set<String> meters = new TreeSet<>();
        export.lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> {
            String name = Objects.requireNonNull(sample.group(1));
            String family = families.contains(name)
                    ? name
                    : PART_OF_A_FAMILY.matcher(name).replaceFirst("");
            Set<String> labels = new TreeSet<>();
            Matcher label = LABEL.matcher(Objects.requireNonNullElse(sample.group(2), ""));
            while (label.find()) {
                labels.add(Objects.requireNonNull(label.group(1)));
            }
            labels.removeAll(OF_HISTOGRAMS);
            meters.add(text(PART_OF_A_FAMILY.matcher(family).replaceFirst(""), labels));
        });
        return meters;
    }

    /** Those that docs/metrics.md has; called in a module's folder. */
    public static Set<String> documented() {
        Set<String> meters = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(page())) {
                Matcher row = ROW.matcher(line);
                if (row.matches()) {
                    String labels = Objects.requireNonNull(row.group(2))
                            .replace("`", "")
                            .replace(" ", "");
                    meters.add(text(
                            Objects.requireNonNull(row.group(1)),
                            labels.isEmpty() ? Set.of() : new TreeSet<>(Set.of(labels.split(",", -1)))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return meters;
    }

    private static Path page() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/metrics.md"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no docs/metrics.md above this module");
        }
        return folder.resolve("docs/metrics.md");
    }

    private static String text(String name, Set<String> labels) {
        return name + "{" + String.join(",", labels) + "}";
    }
}
