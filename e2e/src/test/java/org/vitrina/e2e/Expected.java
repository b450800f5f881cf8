package org.vitrina.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a shop page may look like under a fault.
 *
 * @param first labels of the first page, see {@link Page#label()}
 * @param also further labels of pages asked for at once or later, while the fault lasts
 * @param open the label once the breaker is open; null where the fault does not open it
 * @param limit by when each page is out
 */
record Expected(Set<String> first, Set<String> also, @Nullable String open, Duration limit) {
    static final Duration PAGE_BUDGET = Duration.ofSeconds(2);
    static final Duration PRODUCTS_BUDGET = Duration.ofSeconds(1);

    static Expected first(String... labels) {
        return new Expected(new LinkedHashSet<>(List.of(labels)), Set.of(), null, PAGE_BUDGET);
    }

    /** The page shows nothing of the fault. */
    static Expected complete() {
        return first(Page.COMPLETE);
    }

    Expected also(String... labels) {
        return new Expected(first, new LinkedHashSet<>(List.of(labels)), open, limit);
    }

    Expected open(String label) {
        return new Expected(first, also, label, limit);
    }

    Expected within(Duration other) {
        return new Expected(first, also, open, other);
    }

    /** Every label that a page may have while the fault lasts. */
    Set<String> any() {
        Set<String> labels = new LinkedHashSet<>(first);
        labels.addAll(also);
        if (open != null) {
            labels.add(open);
        }
        return labels;
    }

    /** The cell of the table. */
    String text() {
        List<String> words = new ArrayList<>();
        words.add(String.join(" or ", first));
        List<String> rest =
                also.stream().filter(label -> !first.contains(label)).toList();
        if (!rest.isEmpty()) {
            words.add("under load also " + String.join(", ", rest));
        }
        if (open != null) {
            words.add("then " + open);
        }
        if (limit.compareTo(PRODUCTS_BUDGET) < 0) {
            words.add("within " + limit.toMillis() + " ms");
        }
        return String.join("; ", words);
    }
}
