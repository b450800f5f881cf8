package org.vitrina.reachability;

import java.util.Set;
import java.util.TreeSet;

/** Something that images would not know, with all who look it up. */
final class Finding {
    private static final int SHOWN = 4;

    private final String subject;
    private final Set<String> services = new TreeSet<>();
    private final Set<String> ways = new TreeSet<>();
    private final Set<String> remedies = new TreeSet<>();

    Finding(String subject) {
        this.subject = subject;
    }

    void add(String service, LookUp asked) {
        services.add(service);
        ways.add(asked.sentence());
        remedies.add(asked.remedy());
    }

    @Override
    public String toString() {
        var text = new StringBuilder(
                "%n%s  is not known to the image of %s%n".formatted(subject, String.join(", ", services)));
        ways.stream()
                .limit(SHOWN)
                .forEach(way -> text.append("    ").append(way).append('\n'));
        if (ways.size() > SHOWN) {
            text.append("    and ").append(ways.size() - SHOWN).append(" more\n");
        }
        remedies.forEach(remedy -> text.append("  mend: ").append(remedy).append('\n'));
        return text.toString();
    }
}
