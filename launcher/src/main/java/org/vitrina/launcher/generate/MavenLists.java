package org.vitrina.launcher.generate;

import org.vitrina.launcher.spec.ServiceSpec;

/** What Maven must be told of each service: it finds no modules by itself. */
final class MavenLists {
    private MavenLists() {}

    static String module(ServiceSpec service) {
        return "    <module>services/" + service.name() + "</module>\n";
    }

    /** A dependency that puts nothing on the class path, and has the service built before. */
    static String builtBefore(ServiceSpec service) {
        return """
                      <dependency>
                        <groupId>org.vitrina</groupId>
                        <artifactId>vitrina-%s</artifactId>
                        <version>${project.version}</version>
                        <type>pom</type>
                        <scope>test</scope>
                        <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
                      </dependency>
            """
                .formatted(service.name());
    }
}
