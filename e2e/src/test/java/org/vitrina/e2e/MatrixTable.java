package org.vitrina.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page docs/fault-matrix.md: what was asserted, cell by cell; the same text after each green run. */
final class MatrixTable {
    private static final String NOT_APPLICABLE = "n/a";

    private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    private final List<String> columns = new ArrayList<>();
    private final String title;

    MatrixTable(String title, List<String> faults) {
        this.title = title;
        faults.forEach(fault -> rows.put(fault, new LinkedHashMap<>()));
    }

    /** What goes wrong, in the order of the page. */
    List<String> rows() {
        return List.copyOf(rows.keySet());
    }

    /** Notes what a cell says. */
    synchronized void put(String column, String fault, String text) {
        if (!columns.contains(column)) {
            columns.add(column);
        }
        Map<String, String> row = rows.get(fault);
        if (row == null) {
            throw new IllegalArgumentException("no row " + fault);
        }
        row.put(column, text);
    }

    /** Whether every row has at least one cell that was run. */
    boolean isWhole() {
        return !columns.isEmpty() && rows.values().stream().noneMatch(Map::isEmpty);
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("## " + title + "\n\n| fault |");
        columns.forEach(column -> text.append(' ').append(column).append(" |"));
        text.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        rows.forEach((fault, cells) -> {
            text.append("| ").append(fault).append(" |");
            columns.forEach(column -> text.append(' ')
                    .append(cells.getOrDefault(column, NOT_APPLICABLE))
                    .append(" |"));
            text.append('\n');
        });
        return text.toString();
    }

    static void write(Path file, List<MatrixTable> tables) {
        StringBuilder page = new StringBuilder(
                """
                # Fault matrix

                What `GET /products/all` shows while one part behind the BFF is broken.
                Written by `FaultMatrixIT` (module `e2e`, `mvn verify -De2e`, part of `./vitrina test`), which starts the packaged store with a fault proxy on every line and asserts each cell; do not edit. **failed** marks a cell whose assertions did not hold in that run.

                Each cell asserts the status, the parts and reasons, and the time of a single page, of pages asked for at once and, where the breaker opens, of pages after that; that no other status appears; and that pages are complete again at most one reset interval (500 ms here) and 1 s after the fault ends.
                Every page is out within 2.0 s + 50 ms, within 1.0 s + 50 ms where products hang and there is no copy, and within what a cell says.
                Times are less what the machine itself lost meanwhile, on a quiet one nothing (`StallMeter`).

                `complete`: status 200, nothing missing, nothing old.
                `X null (reason)`: status 200, that part is left out.
                `X stale`: status 200, that part from a copy.
                A bare number is the status of a problem+json answer.
                "Cached" columns are a BFF with the sidecar cache and copies that have outlived their time to live (100 ms here); the others a BFF with the cache off.
                Cart and favorites are never cached: both BFFs show the same. n/a: the fault means nothing there.
                HTTP faults mean nothing to PostgreSQL and Redis, and Redis nothing to a BFF without cache.

                """);
        tables.forEach(table -> page.append(table.markdown()).append('\n'));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, page.toString().stripTrailing() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
