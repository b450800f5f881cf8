package org.vitrina.testing;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Looks through all that a database keeps, in whatever column, for what must not be there. */
public final class DatabaseText {
    private DatabaseText() {}

    /** The tables in a row of which the text is: in a column of text, within JSON or an array, or in the bytes of one. */
    public static List<String> tablesWith(Connection database, String text) throws SQLException {
        String bytes = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        List<String> found = new ArrayList<>();
        for (String table : tables(database)) {
            try (var statement = database.prepareStatement("SELECT count(*) FROM " + table
                    + " AS kept WHERE strpos(kept::text, ?) > 0 OR strpos(kept::text, ?) > 0")) {
                statement.setString(1, text);
                statement.setString(2, bytes);
                var rows = statement.executeQuery();
                rows.next();
                if (rows.getLong(1) > 0) {
                    found.add(table);
                }
            }
        }
        return found;
    }

    private static List<String> tables(Connection database) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(
                        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace ="
                                + " 'public'::regnamespace ORDER BY 1")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }
}
