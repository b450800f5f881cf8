package org.vitrina.reachability.watch;

import java.util.ServiceLoader;

/** Faults that the check must find: look-ups that no image knows, made in a service that has been started. */
final class Planted {
    private static final String PLACE = Planted.class.getPackageName();

    private Planted() {}

    /** What nobody registered. */
    static final class Unknown {}

    /** @param kind {@code class}, {@code resource} or {@code service} */
    static void start(String kind) {
        Thread.ofPlatform().daemon().name("planted").start(() -> {
            switch (kind) {
                case "class" -> look(PLACE + ".Planted$Unknown");
                case "resource" -> ClassLoader.getSystemResource(PLACE.replace('.', '/') + "/planted.txt");
                case "service" -> ServiceLoader.load(Runnable.class).findFirst();
                default -> throw new IllegalArgumentException(kind);
            }
        });
    }

    private static void look(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
