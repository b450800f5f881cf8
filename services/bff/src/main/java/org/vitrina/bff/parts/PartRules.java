package org.vitrina.bff.parts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.vitrina.bff.PageConfig;

/** What declared parts must be, beyond what each key must be by itself. */
final class PartRules {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,29}");

    /** Fields of the answer, and our own dependencies, by whose names breakers, metrics and reasons are told apart. */
    private static final Set<String> TAKEN = Set.of(
            "cart",
            "degraded",
            "favorites",
            "features",
            "inventory",
            "notifications",
            "orders",
            "predictions",
            "price",
            "products",
            "wallet");

    private static final int LONGEST_LABEL = 40;

    private PartRules() {}

    /**
     * All that is wrong, a line each, beginning with the key.
     *
     * @param page time for a whole page
     * @param products of that, what products may take before the parts of products are asked
     */
    static List<String> problems(Map<String, ? extends PageConfig.Part> parts, Duration page, Duration products) {
        List<String> problems = new ArrayList<>();
        new TreeMap<>(parts).forEach((name, part) -> {
            String key = "vitrina.page.parts." + name;
            if (!NAME.matcher(name).matches()) {
                problems.add(key + ": the name is a field's: a lower-case letter, then at most 29 letters and digits");
            } else if (TAKEN.contains(name)) {
                problems.add(key + ": the name is taken by a field or a dependency of the page; choose another");
            }
            try {
                PartUrl url = PartUrl.parse(part.url());
                problems(key, part, url.kind(), page, products, problems);
            } catch (IllegalArgumentException wrong) {
                problems.add(key + ".url: " + wrong.getMessage());
            }
            part.label().ifPresent(label -> label(key + ".label", label, problems));
            part.labelRu().ifPresent(label -> label(key + ".label-ru", label, problems));
        });
        return problems;
    }

    private static void problems(
            String key,
            PageConfig.Part part,
            PartUrl.Kind kind,
            Duration page,
            Duration products,
            List<String> problems) {
        boolean ofProducts = kind == PartUrl.Kind.PRODUCTS;
        if (ofProducts && part.key().isEmpty()) {
            problems.add(key + ".key: missing; a part with {ids} needs the name of the field that is the product's id,"
                    + " such as product_id");
        }
        Duration most = ofProducts ? page.minus(products) : page;
        if (part.timeout().compareTo(most) > 0) {
            problems.add("%s.timeout: %d ms are more than the page has for it, %d ms (vitrina.bff.budget%s)"
                    .formatted(
                            key,
                            part.timeout().toMillis(),
                            Math.max(0, most.toMillis()),
                            ofProducts ? " less vitrina.bff.products.timeout" : ""));
        }
        if (part.maxAnswer().asBigInteger().bitLength() > 31) {
            problems.add(key + ".max-answer: more than 2 GiB");
        }
    }

    private static void label(String key, String label, List<String> problems) {
        if (label.isBlank() || label.codePointCount(0, label.length()) > LONGEST_LABEL) {
            problems.add(key + ": a label has 1 to " + LONGEST_LABEL + " characters");
        }
    }
}
