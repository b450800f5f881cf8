package org.vitrina.launcher;

/** Where a part listens: a host and a TCP port. */
public record Address(String host, int port) {
    /** The address as the authority of a URL, {@code host:port}. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    /** The address as the root of an HTTP service, without a slash at the end. */
    public String url() {
        return "http://" + this;
    }
}
