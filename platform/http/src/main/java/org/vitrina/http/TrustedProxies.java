package org.vitrina.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The networks of the proxies before a service that may say by which path it is reached. */
public record TrustedProxies(List<Network> networks) {
    /** Addresses that agree with {@code address} in the first {@code bits}. */
    record Network(InetAddress address, int bits) {
        boolean contains(InetAddress host) {
            byte[] ours = address.getAddress();
            byte[] theirs = host.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            int whole = bits / 8;
            int rest = bits % 8;
            return Arrays.equals(ours, 0, whole, theirs, 0, whole)
                    && (rest == 0 || (ours[whole] ^ theirs[whole]) >> (8 - rest) == 0);
        }
    }

    /**
     * Reads networks with commas between them, such as {@code 10.0.0.0/8,fd00::/8,192.168.1.7}.
     *
     * @throws IllegalArgumentException where one is none; names are not looked up
     */
    public static TrustedProxies of(String text) {
        return new TrustedProxies(Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(TrustedProxies::network)
                .toList());
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            int most = address.getAddress().length * 8;
            String length = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
            if (length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= most) {
                return new Network(address, Integer.parseInt(length));
            }
        }
        throw new IllegalArgumentException("\"" + text
                + "\" is no network: write addresses such as 10.0.0.0/8 or fd00::/8, with commas between them.");
    }

    /** Whether the host of this address, as digits, is one of them. */
    public boolean contain(String address) {
        InetAddress host = address(address);
        return host != null && networks.stream().anyMatch(network -> network.contains(host));
    }

    private static @Nullable InetAddress address(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }
}
