package org.vitrina.cache;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis listens and as whom to ask it: {@code redis://[[user]:password@]host[:port][/database]}, {@code
 * rediss://} for a connection that is encrypted, or the path of a Unix socket as {@code unix:///path}, {@code unix:/path}, {@code redis:unix:///path}, {@code redis+unix:///path} or
 * {@code redis+socket:///path}, each with an optional {@code ?db=1}.
 *
 * @param host none for a socket
 * @param path none for a host
 * @param tls whether the connection is encrypted
 */
record RedisAddress(
        @Nullable String host,
        int port,
        @Nullable String path,
        @Nullable String user,
        @Nullable String password,
        int database,
        boolean tls) {
    static final String FORM = "must be redis://[user:password@]host:port[/database], rediss://… or unix:///path";

    private static final int DEFAULT_PORT = 6379;

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
                return new RedisAddress(null, 0, path, null, passwordBeside, database(query(uri)), false);
            }
            URI uri = URI.create(plain);
            boolean tls = "rediss".equals(uri.getScheme());
            if (!(tls || "redis".equals(uri.getScheme())) || uri.getHost() == null) {
                throw new IllegalArgumentException("no redis:// with a host");
            }
            String user = null;
            String password = passwordBeside;
            String info = uri.getRawUserInfo();
            if (info != null) {
                int colon = info.indexOf(':');
                user = colon > 0 ? decoded(info.substring(0, colon)) : null;
                password = decoded(info.substring(colon + 1));
            }
            String path = uri.getPath();
            boolean inPath = path != null && path.length() > 1;
            return new RedisAddress(
                    uri.getHost(),
                    uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                    null,
                    user,
                    password,
                    inPath ? database(path.substring(1)) : database(query(uri)),
                    tls);
        } catch (IllegalArgumentException wrong) {
            // the URL is not repeated: it may hold a password
            throw new IllegalArgumentException("vitrina.cache.redis.url " + FORM);
        }
    }

    static RedisAddress plain(HostPort address, @Nullable String password) {
        return new RedisAddress(address.host(), address.port(), null, null, password, 0, false);
    }

    /** Without the password. */
    @Override
    public String toString() {
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
