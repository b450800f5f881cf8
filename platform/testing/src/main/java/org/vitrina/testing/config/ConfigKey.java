package org.vitrina.testing.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table: what is recorded of a key.
 *
 * @param standard its default; null: none
 * @param mustBeGiven whether the mapping is refused without it
 * @param other another value that it can have; null: there is none
 * @param bounds such as {@code 1..10} or {@code 1s..}, or the simple name of a constraint; empty: none
 * @param refused values that are refused, beside those beyond the bounds
 */
record ConfigKey(
        String name,
        @Nullable String standard,
        boolean mustBeGiven,
        @Nullable String other,
        String bounds,
        List<String> refused) {
    /** The name that an entry of a map gets in the check. */
    static final String ANY = "any";

    static List<ConfigKey> parse(String table) {
        List<ConfigKey> keys = new ArrayList<>();
        List<String> groups = List.of("");
        for (String line : table.lines().map(String::strip).toList()) {
            if (line.endsWith(":")) {
                groups = Stream.of(line.substring(0, line.length() - 1).split(","))
                        .map(group -> group.strip() + ".")
                        .toList();
            } else if (!line.isEmpty()) {
                groups.forEach(group -> keys.add(ofLine(group, line)));
            }
        }
        return keys;
    }

    private static ConfigKey ofLine(String group, String line) {
        String[] cells = Arrays.copyOf(line.split("\\|"), 5);
        String standard = cell(cells[1]);
        String other = cell(cells[2]);
        return new ConfigKey(
                (group + cell(cells[0])).replace(".*.", "." + ANY + "."),
                standard.equals("-") || standard.equals("!") ? null : standard,
                standard.equals("!"),
                other.isEmpty() ? null : other,
                cell(cells[3]),
                Stream.of(cell(cells[4]).split(","))
                        .map(String::strip)
                        .filter(value -> !value.isEmpty())
                        .toList());
    }

    private static String cell(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    boolean isOfAMap() {
        return name.contains("." + ANY + ".");
    }
}
