package org.vitrina.launcher.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is started beside the services; one that only hands messages on uses a broker and no database. */
public enum Server {
    POSTGRES(15432),
    REDIS(16379),
    BROKER(5672);

    private final int port;

    Server(int port) {
        this.port = port;
    }

    /** The name of its part, as in {@code ./vitrina status}. */
    public String partName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its usual port in the local run. */
    public int port() {
        return port;
    }

    /** The server of a part; empty where the part is a service, or nothing. */
    public static Optional<Server> named(String partName) {
        return Arrays.stream(values())
                .filter(server -> server.partName().equals(partName))
                .findFirst();
    }
}
