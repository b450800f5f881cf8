package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a part's process is started and ended.
 *
 * @param stopSignal the signal for a clean end: TERM, or INT for PostgreSQL's fast shutdown
 * @param deathSignal what the kernel sends when the launcher dies; KILL where there is no data to lose
 */
record ProcessSpec(
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Path log,
        String stopSignal,
        String deathSignal,
        Identity identity) {

    /** As whom the process runs. */
    enum Identity {
        /** As the launcher does. */
        SAME,
        /** In a user namespace where root is nobody: what makes PostgreSQL accept to be started by root. */
        NAMESPACE,
        /** As the user nobody, where root may not make namespaces. */
        NOBODY
    }

    ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
