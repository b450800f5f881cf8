package org.vitrina.bff.shop;

import java.util.Collection;
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
    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");
    private static final Pattern SCHEME = Pattern.compile("^https?://");

    private final Set<String> configured;

    HostNames(Collection<String> configured) {
        // as they are compared: whoever configures a name may have copied it with its port
        this.configured = configured.stream().map(entry -> name(entry.strip())).collect(Collectors.toUnmodifiableSet());
    }

    /** @param host as the header has it, with or without a port */
    boolean contains(String host) {
        String name = name(host);
        return ADDRESS.matcher(name).matches()
                || name.indexOf('.') < 0
                || name.endsWith(".localhost")
                || name.endsWith(".svc")
                || name.endsWith(".svc.cluster.local")
                || configured.contains(name)
                || configured.contains("*");
    }

    /** Whether an {@code Origin} is that of the host that was asked. */
    static boolean isOf(String origin, @Nullable String host) {
        return host != null
                && SCHEME.matcher(origin).replaceFirst("").equalsIgnoreCase(host)
                && SCHEME.matcher(origin).find();
    }

    private static String name(String host) {
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
