package org.vitrina.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of values in the chart's README: keys and defaults of {@code values.yaml}, with the comments above them. */
final class ValuesTable {
    private static final String BEGIN = "<!-- values: written by charts/generate from values.yaml -->\n";
    private static final String END = "<!-- end of values -->";
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z]+):(?: .*)?");

    private ValuesTable() {}

    /** The README with its table as it has to be. */
    static String readme(Path chart) throws IOException {
        String readme = Files.readString(chart.resolve("README.md"));
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        if (begin < BEGIN.length() || end < begin) {
            throw new IllegalStateException("README.md lacks the line '" + BEGIN.strip() + "' or '" + END + "'");
        }
        return readme.substring(0, begin) + table(chart.resolve("values.yaml")) + readme.substring(end);
    }

    private static String table(Path file) throws IOException {
        JsonNode values = Chart.read(file);
        StringBuilder table = new StringBuilder("| Key | Default | Meaning |\n|---|---|---|\n");
        List<String> undocumented = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            Matcher key = KEY.matcher(line);
            if (line.strip().startsWith("# end of ")) {
                // of what is generated
                comment.setLength(0);
            } else if (line.strip().startsWith("#")) {
                comment.append(comment.isEmpty() ? "" : " ")
                        .append(line.strip().substring(1).strip());
            } else if (key.matches()) {
                while (path.size() > key.group(1).length() / 2) {
                    path.removeLast();
                }
                path.addLast(key.group(2));
                // the services are instances of the defaults, and users are theirs: their own table is the file itself
                if (!List.copyOf(path).toString().matches("\\[(services|rabbitmq, users), .*")) {
                    row(path, values, comment.toString(), table, undocumented);
                }
                comment.setLength(0);
            } else {
                comment.setLength(0);
            }
        }
        if (!undocumented.isEmpty()) {
            throw new IllegalStateException("keys of values.yaml without a comment: " + undocumented);
        }
        return table.toString();
    }

    private static void row(
            Deque<String> path, JsonNode values, String comment, StringBuilder table, List<String> undocumented)
            throws IOException {
        JsonNode value = values.at("/" + String.join("/", path));
        String key = String.join(".", path);
        if (value.isMissingNode()) {
            // within a default that is a list
            return;
        }
        boolean branch = value.isObject() && !value.isEmpty();
        if (comment.isEmpty()) {
            if (!branch) {
                undocumented.add(key);
            }
            return;
        }
        String shown = key.equals("services")
                ? String.join(
                        ", ",
                        value.properties().stream()
                                .map(java.util.Map.Entry::getKey)
                                .toList())
                : key.equals("defaults") || (branch && !path.getLast().matches("resources|settings"))
                        ? ""
                        : "`"
                                + JsonMapper.builder()
                                        .build()
                                        .writeValueAsString(value)
                                        .replace("|", "\\|") + "`";
        table.append("| `")
                .append(key)
                .append("` | ")
                .append(shown)
                .append(" | ")
                .append(comment)
                .append(" |\n");
    }
}
