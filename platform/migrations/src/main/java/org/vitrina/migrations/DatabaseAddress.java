package org.vitrina.migrations;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a database is and who asks.
 *
 * @param url {@code jdbc:postgresql://host:port/name}; without {@code jdbc:} (as the services' reactive driver has it)
 *     it means the same; several URLs of one database, commas between, are its primary and replicas, of which the one that takes
 *     changes is asked
 * @param user the role that owns the schema
 * @param password may be empty where the server trusts the caller
 */
public record DatabaseAddress(String url, String user, String password) {
    private static final String SCHEME = "(?:jdbc:|vertx-reactive:)?(?:postgresql|postgres)://";
    private static final Pattern PREFIX = Pattern.compile("^" + SCHEME);
    private static final Pattern NEXT = Pattern.compile("," + SCHEME);

    public DatabaseAddress {
        var prefix = PREFIX.matcher(url);
        if (!prefix.find()) {
            throw MigrationException.usage("The database URL must look like jdbc:postgresql://host:5432/name, but is '"
                    + withoutQuery(url) + "': correct --url.");
        }
        url = "jdbc:postgresql://" + ofAll(NEXT.split(url.substring(prefix.end())));
    }

    /** As the driver has it: all servers before the one name of the database. */
    private static String ofAll(String[] servers) {
        String first = servers[0];
        if (servers.length == 1) {
            return first;
        }
        String database = first.substring(authority(first).length());
        if (Stream.of(servers).anyMatch(server -> !server.equals(authority(server) + database))) {
            throw MigrationException.usage("The database URLs must differ in their hosts only, but '"
                    + withoutQuery(first) + "' and others have other names or parameters: correct --url.");
        }
        return String.join(
                        ",", Stream.of(servers).map(DatabaseAddress::authority).toList())
                + database
                + (database.contains("?") ? "&" : "?")
                + "targetServerType=primary";
    }

    private static String authority(String server) {
        int slash = server.indexOf('/');
        return slash < 0 ? server : server.substring(0, slash);
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
