package org.vitrina.core;

import java.util.Optional;

/** Which of a service's replicas this process is. */
public final class Instance {
    private Instance() {}

    /** A pod's name is its host's; on one machine the process tells replicas apart. */
    public static String name() {
        return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost") + "/"
                + ProcessHandle.current().pid();
    }
}
