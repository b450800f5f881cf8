package org.vitrina.migrations;

import java.util.regex.Pattern;

/**
 * Where a database is and who asks.
 *
 * @param url {@code jdbc:postgresql://host:port/name}; without {@code jdbc:} (as the services' reactive driver has it)
 *     it means the same
 * @param user the role that owns the schema
 * @param password may be empty where the server trusts the caller
 */
public record DatabaseAddress(String url, String user, String password) {
    private static final Pattern PREFIX = Pattern.compile("^(?:jdbc:|vertx-reactive:)?(?:postgresql|postgres)://");

    public DatabaseAddress {
        var prefix = PREFIX.matcher(url);
        if (!prefix.find()) {
            throw MigrationException.usage("The database URL must look like jdbc:postgresql://host:5432/name, but is '"
                    + withoutQuery(url) + "': correct --url.");
        }
        url = "jdbc:postgresql://" + url.substring(prefix.end());
    }

    /** The address as it may be shown: without user, password and parameters. */
    String shown() {
        return withoutQuery(url).substring("jdbc:".length());
    }

    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    @Override
    public String toString() {
        return shown();
    }
}
