package org.vitrina.bff.shop;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names by which the shop may be asked for. A page of a stranger's can point a name of the stranger's own at this machine and
 * then ask as if it were from here; it cannot do so with an address, with a name that has no dot, or with one that only this
 * cluster's DNS knows. All other names have to be configured.
 */
final class HostNames {
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");
    private static final List<String> SCHEMES = List.of("https", "http");
    private static final int LONGEST_PORT = 5;

    private final Set<String> configured;

    HostNames(Collection<String> configured) {
        // as they are compared: whoever configures a name may have copied it with its port
        this.configured = configured.stream().map(entry -> name(entry.strip())).collect(Collectors.toUnmodifiableSet());
    }

    /** @param host as the header has it, with or without a port */
    boolean contains(String host) {
        String name = name(host);
        return name.indexOf('.') < 0
                || isAddress(name)
                || name.endsWith(".localhost")
                || name.endsWith(".svc")
                || name.endsWith(".svc.cluster.local")
                || configured.contains(name)
                || configured.contains("*");
    }

    private static boolean isAddress(String name) {
        // no name ends so, so that most are told from an address by that
        char last = name.charAt(name.length() - 1);
        return (last == ']' || isDigit(last)) && ADDRESS.matcher(name).matches();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * Whether an {@code Origin} is that of the host that was asked.
     *
     * @param scheme by which it was asked, where that is known
     */
    static boolean isOf(String origin, @Nullable String host, @Nullable String scheme) {
        return host != null
                && SCHEMES.stream()
                        .filter(each -> scheme == null || each.equals(scheme))
                        .anyMatch(each -> origin.startsWith(each + "://")
                                && withoutPort(origin.substring(each.length() + 3), each)
                                        .equalsIgnoreCase(withoutPort(host, each)));
    }

    /** Browsers leave the scheme's usual port out, not all proxies do. */
    private static String withoutPort(String host, String scheme) {
        String usual = scheme.equals("https") ? ":443" : ":80";
        return host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host;
    }

    private static String name(String host) {
        String name = host.substring(0, portAt(host)).toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Where the port begins, with its colon; the end where there is none. */
    private static int portAt(String host) {
        int at = host.length();
        while (at > 0 && isDigit(host.charAt(at - 1))) {
            at--;
        }
        boolean isPort = at > 0 && host.charAt(at - 1) == ':' && host.length() - at <= LONGEST_PORT;
        return isPort ? at - 1 : host.length();
    }
}
