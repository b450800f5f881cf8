package org.vitrina.registry;

import io.netty.util.NetUtil;
import io.quarkus.runtime.Startup;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.TrustedProxies;
import org.vitrina.identity.Caller;
import org.vitrina.identity.CurrentCaller;

/** Who may register for which service, and where callers may be led. */
@Startup
@Singleton
class Registrants {
    private static final String THIS_MACHINE = "127.0.0.0/8,::1";
    private static final String BEARER = "Bearer ";
    /**
     * Where no replica is, whatever the networks: addresses that clouds answer with their machines' credentials, those that no host
     * has, and IPv6 addresses that stand for an IPv4 one which the networks were not asked about (compatible, NAT64, Teredo, 6to4).
     */
    private static final TrustedProxies NEVER = TrustedProxies.of(
            "0.0.0.0/8,169.254.0.0/16,192.0.0.0/24,100.100.100.200,168.63.129.16,224.0.0.0/3,"
                    + "fe80::/10,ff00::/8,fd00:ec2::254,fd20:ce::254,::/96,64:ff9b::/96,64:ff9b:1::/48,2001::/32,2002::/16");

    private final TrustedProxies networks;
    private final String networksText;
    private final Map<String, String> secrets;
    private final CurrentCaller callers;

    Registrants(RegistryConfig config, CurrentCaller callers) {
        this.callers = callers;
        this.networksText = config.networks().orElse(THIS_MACHINE);
        this.networks = TrustedProxies.of(networksText);
        this.secrets = config.secrets().map(Registrants::read).orElse(Map.of());
    }

    private static Map<String, String> read(String text) {
        Map<String, String> secrets = new HashMap<>();
        for (String one : text.split(",", -1)) {
            int sign = one.indexOf('=');
            if (sign < 1 || sign == one.length() - 1) {
                // it is not repeated: it may be a secret
                throw new IllegalArgumentException(
                        "vitrina.registry.secrets must be services with their secrets, such as cart=one,orders=another.");
            }
            secrets.put(one.substring(0, sign).strip(), one.substring(sign + 1).strip());
        }
        return secrets;
    }

    /** Fails unless the request's sender may register and deregister replicas of the service. */
    void check(HttpServerRequest request, String service) {
        if (callers.authenticates()) {
            if (!callers.caller().map(Caller::subject).orElse("").equals(service)) {
                throw new ProblemException(
                        ErrorCode.FORBIDDEN,
                        "Replicas of " + service + " are registered by " + service
                                + " itself: a service speaks for its own replicas only.");
            }
            return;
        }
        String secret = secrets.get(service);
        if (secret == null) {
            InetAddress sender = NetUtil.createInetAddressFromIpAddressString(
                    request.remoteAddress().hostAddress());
            if (sender == null || !sender.isLoopbackAddress()) {
                throw new ProblemException(
                        ErrorCode.FORBIDDEN,
                        "Replicas of " + service
                                + " register from the registry's own machine only: it has no secret for" + " them. Set "
                                + service + "=... in vitrina.registry.secrets there, and send it as a bearer token.");
            }
        } else if (!isBearerOf(secret, request.getHeader("Authorization"))) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "Replicas of " + service + " register with the secret that the registry has for them: send"
                            + " that of vitrina.registry.secrets as a bearer token.");
        }
    }

    /** The service whose registration secret this is, which needs no token then; null where it is nobody's. */
    @Nullable
    String serviceOf(String authorization) {
        return secrets.entrySet().stream()
                .filter(each -> isBearerOf(each.getValue(), authorization))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** In a time that does not depend on where they differ. */
    private static boolean isBearerOf(String secret, @Nullable String header) {
        return header != null
                && header.startsWith(BEARER)
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8),
                        header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
    }

    /** The address as it is told to callers, in its one canonical form; fails unless they may be led there. */
    String checkedAddress(String address) {
        InetAddress host = NetUtil.createInetAddressFromIpAddressString(address);
        String canonical = host == null ? address : NetUtil.toAddressString(host);
        if (host == null || (NEVER.contain(canonical) && !host.isLoopbackAddress())) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "address must be that of one host, such as 10.0.0.7: no name, no wildcard, no multicast, no"
                            + " link-local address, none of a cloud's metadata, and none that stands for another.");
        }
        if (!networks.contain(canonical)) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "No caller is led to " + canonical + ": the registry takes replicas in " + networksText
                            + ". Add theirs to vitrina.registry.networks.");
        }
        return canonical;
    }
}
