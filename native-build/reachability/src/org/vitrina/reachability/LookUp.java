package org.vitrina.reachability;

import java.util.List;

/**
 * A line of the agent's record.
 *
 * @param subject the class, resource, bundle or library that was looked up; interfaces of a proxy joined by commas
 * @param detail of a member: {@code name(types)}; of a field its name; of a class's resource the class
 * @param initializers the classes whose initializers were running
 * @param own the first frame of this project's, empty where there was none
 */
record LookUp(
        String kind,
        String subject,
        String detail,
        String asker,
        String method,
        String descriptor,
        List<String> initializers,
        String own) {

    static LookUp parse(String line) {
        String[] words = line.split("\t", -1);
        return new LookUp(
                words[0],
                words[1],
                words[2],
                words[3],
                words[4],
                words[5],
                words[6].isEmpty() ? List.of() : List.of(words[6].split(",")),
                words[7]);
    }

    /** How, and from where: the subject is said once for all. */
    String sentence() {
        String how =
                switch (kind) {
                    case "class", "resource", "bundle", "service", "library", "proxy" -> "as a " + kind;
                    case "resource of class" -> "as a resource";
                    case "method", "constructor", "field" -> "its " + kind + " " + detail;
                    default -> kind + "()";
                };
        return how + "  from " + asker + "." + method + (own.isEmpty() ? "" : ", called by " + own);
    }

    /** What a developer does about it. */
    String remedy() {
        if (subject.endsWith("$$CMImpl")) {
            return "make the @ConfigMapping public";
        }
        return switch (kind) {
            case "resource", "resource of class" ->
                "quarkus.native.resources.includes, or a \"glob\" in the module's reachability-metadata.json";
            case "bundle" -> "@RegisterResourceBundle on the class that needs it";
            case "service" ->
                "a \"glob\" for its META-INF/services file and its providers' constructors in the module's"
                        + " reachability-metadata.json";
            case "proxy" -> "@RegisterForProxy, or a \"proxy\" type in the module's reachability-metadata.json";
            case "library" -> "do without: an image has no library of native code";
            default ->
                subject.startsWith("org.vitrina.")
                        ? "@RegisterForReflection on it"
                        : "an entry in the reachability-metadata.json of the module that causes it";
        };
    }
}
