package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A service run from its sources by {@code quarkus:dev}, which compiles what has changed at the next request. */
final class DevProgram {
    private DevProgram() {}

    /**
     * @param usual how the service runs otherwise: ports, addresses and log stay the same
     * @param maven a program of version 3.9 or newer, which quarkus:dev asks for
     */
    static ProcessSpec processSpec(Path project, String service, ProcessSpec usual, Path maven) {
        Map<String, String> environment = new HashMap<>(usual.environment());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MAVEN_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        // what it would start in containers runs already
        environment.put("QUARKUS_DEVSERVICES_ENABLED", "false");
        environment.put("QUARKUS_TEST_CONTINUOUS_TESTING", "disabled");
        environment.put("QUARKUS_ANALYTICS_DISABLED", "true");
        List<String> command = List.of(
                maven.toString(),
                "-B",
                "-Dquick",
                "-T1",
                "-f",
                project.resolve("pom.xml").toString(),
                "-pl",
                "services/" + service,
                "-am", // the libraries' sources are watched too
                "-Ddebug=false",
                "-Djvm.args=-Xmx256m -XX:+UseSerialGC --add-opens=java.base/java.lang=ALL-UNNAMED"
                        + " --enable-native-access=ALL-UNNAMED",
                "quarkus:dev");
        // TERM, so that Maven can end the JVM that it started
        return new ProcessSpec(command, environment, project, usual.log(), "TERM", "TERM", ProcessSpec.Identity.SAME);
    }
}
