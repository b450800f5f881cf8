package org.vitrina.cache;

/** Where a server listens: {@code host:port}, with an IPv6 address in brackets. */
record HostPort(String host, int port) {
    /** What one has to match. */
    static final String FORM = "(\\[[0-9a-fA-F:]+\\]|[^\\s:\\[\\]]+):[0-9]{1,5}";

    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        return new HostPort(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
