package org.vitrina.reachability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The short list of what is looked up without being registered, for a reason. */
final class Harmless {
    private record Entry(String line, String kind, Pattern subject, Pattern asker) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> unused = new ArrayList<>();

    /** Reads {@code KIND SUBJECT ASKER} with the reason above. */
    static Harmless read(Path file) throws IOException {
        var harmless = new Harmless();
        boolean reason = false;
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                reason = line.startsWith("#");
                continue;
            }
            if (!reason) {
                throw new IllegalArgumentException(file + ": no reason above '" + line + "'");
            }
            String[] words = line.split(" ");
            harmless.entries.add(new Entry(line, words[0], pattern(words[1]), pattern(words[2])));
        }
        harmless.unused.addAll(harmless.entries);
        return harmless;
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(
                Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    boolean cover(LookUp asked) {
        for (Entry entry : entries) {
            if (entry.kind().equals(asked.kind())
                    && entry.subject().matcher(asked.subject()).matches()
                    && entry.asker()
                            .matcher(asked.asker() + "." + asked.method())
                            .matches()) {
                unused.remove(entry);
                return true;
            }
        }
        return false;
    }

    /** Those that covered nothing: a list that only grows says nothing. */
    List<String> unused() {
        return unused.stream().map(Entry::line).toList();
    }
}
