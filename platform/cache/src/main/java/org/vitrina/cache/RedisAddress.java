package org.vitrina.cache;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis listens and as whom to ask it: {@code redis://[[user]:password@]host[:port][/database]}, {@code
 * rediss://} for a connection that is encrypted, or the path of a Unix socket as {@code unix:///path}, {@code unix:/path}, {@code redis:unix:///path}, {@code redis+unix:///path} or
 * {@code redis+socket:///path}, each with an optional {@code ?db=1}; or what its sentinels say: {@code
 * redis-sentinel://[[user]:password@]host[:port][,host[:port]]...[/database]#name}, as Lettuce has it.
 *
 * @param host none for a socket, or where sentinels are asked
 * @param path none for a host
 * @param tls whether the connection is encrypted
 * @param sentinels who knows the host; null where it is known
 */
record RedisAddress(
        @Nullable String host,
        int port,
        @Nullable String path,
        @Nullable String user,
        @Nullable String password,
        int database,
        boolean tls,
        @Nullable SentinelAddress sentinels) {
    static final String FORM = "must be redis://[user:password@]host:port[/database], rediss://…, unix:///path or"
            + " redis-sentinel://host:port,host:port#name";

    private static final int DEFAULT_PORT = 6379;
    private static final String SENTINEL = "redis-sentinel://";

    /** @param name of the primary, as the sentinels have it */
    record SentinelAddress(List<HostPort> servers, String name) {
        private static final int DEFAULT_PORT = 26379;

        static SentinelAddress of(String servers, @Nullable String name) {
            if (name == null || name.isEmpty()) {
                throw new IllegalArgumentException("no name of the primary");
            }
            return new SentinelAddress(
                    Stream.of(servers.split(","))
                            .map(each -> each.matches(HostPort.FORM) ? each : each + ":" + DEFAULT_PORT)
                            .map(HostPort::parse)
                            .toList(),
                    name);
        }

        @Override
        public String toString() {
            return SENTINEL + servers.stream().map(HostPort::toString).collect(Collectors.joining(",")) + "#" + name;
        }
    }

    static RedisAddress parse(String url, @Nullable String passwordBeside) {
        String plain = url.strip();
        String socket = afterFirst(plain, "redis:unix:", "redis+unix:", "redis+socket:", "unix:");
        try {
            if (socket != null) {
                URI uri = URI.create("unix:" + socket);
                String path = uri.getPath();
                if (path == null || path.length() < 2) {
                    throw new IllegalArgumentException("no path");
                }
                return new RedisAddress(null, 0, path, null, passwordBeside, database(query(uri)), false, null);
            }
            return overTheNetwork(URI.create(plain), plain.startsWith(SENTINEL), passwordBeside);
        } catch (IllegalArgumentException wrong) {
            // the URL is not repeated: it may hold a password
            throw new IllegalArgumentException("vitrina.cache.redis.url " + FORM);
        }
    }

    private static RedisAddress overTheNetwork(URI uri, boolean watched, @Nullable String passwordBeside) {
        boolean tls = "rediss".equals(uri.getScheme());
        String authority = uri.getRawAuthority();
        if (authority == null || !(watched || ((tls || "redis".equals(uri.getScheme())) && uri.getHost() != null))) {
            throw new IllegalArgumentException("no redis:// with a host");
        }
        String user = null;
        String password = passwordBeside;
        // of several hosts Java knows no user
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            int colon = authority.indexOf(':');
            user = colon > 0 && colon < at ? decoded(authority.substring(0, colon)) : null;
            password = decoded(authority.substring(colon < at ? colon + 1 : 0, at));
        }
        String path = uri.getPath();
        boolean inPath = path != null && path.length() > 1;
        return new RedisAddress(
                watched ? null : uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                null,
                user,
                password,
                inPath ? database(path.substring(1)) : database(query(uri)),
                tls,
                watched ? SentinelAddress.of(authority.substring(at + 1), uri.getFragment()) : null);
    }

    static RedisAddress plain(HostPort address, @Nullable String password) {
        return new RedisAddress(address.host(), address.port(), null, null, password, 0, false, null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        if (sentinels != null) {
            return sentinels.toString();
        }
        return (path == null ? (tls ? "rediss://" : "redis://") + host + ":" + port : "unix://" + path)
                + (database == 0 ? "" : "/" + database);
    }

    private static @Nullable String afterFirst(String url, String... prefixes) {
        for (String prefix : prefixes) {
            if (url.startsWith(prefix)) {
                return url.substring(prefix.length());
            }
        }
        return null;
    }

    private static String query(URI uri) {
        String query = uri.getQuery();
        return query != null && query.startsWith("db=") ? query.substring(3) : "";
    }

    private static int database(String text) {
        return text.isEmpty() ? 0 : Integer.parseUnsignedInt(text);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
