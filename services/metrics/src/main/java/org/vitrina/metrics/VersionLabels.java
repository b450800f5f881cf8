package org.vitrina.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Versions of models as values of a label: the first few, and one value for all others. A label's value is kept as long as the
 * process lives, and anybody who may send predictions names their version.
 */
final class VersionLabels {
    static final String OTHER = "other";

    private static final int MOST = 20;
    private static final int LONGEST = 64;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    String label(String version) {
        if (known.contains(version)) {
            return version;
        }
        // threads that come at once may add one each beyond it
        if (known.size() >= MOST || version.length() > LONGEST) {
            return OTHER;
        }
        known.add(version);
        return version;
    }
}
