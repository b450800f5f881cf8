package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.StallMeter;

/**
 * One answer to {@code GET /products/all}, as it arrived.
 *
 * @param lost what the machine lost while it was under way, see {@link StallMeter}
 */
record Page(int status, HttpHeaders headers, String body, Duration took, Duration lost) {
    /** The label of a page with nothing missing and nothing old. */
    static final String COMPLETE = "complete";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> REASONS =
            Set.of("timeout", "error", "too-many-retries", "circuit-open", "overloaded", "stale");
    private static final Duration TOLERANCE = Duration.ofMillis(50);

    /** What is wrong with a part. */
    private record Degraded(String reason, @Nullable Integer missing, @Nullable Long ageMillis) {}

    /** The label of a page that lacks one part. */
    static String without(String part, String reason) {
        return part + " null (" + reason + ")";
    }

    /** The label of a page with an old copy of one part. */
    static String stale(String part) {
        return part + " stale";
    }

    /**
     * What the answer says, in a word: {@link #COMPLETE}, what is missing and why, or the status of a failure. Checks on
     * the way that the answer is one that docs/contracts.md allows and that it does not contradict itself.
     */
    String label() {
        if (status == 200) {
            return labelOfPage();
        }
        assertThat(status).as("documented status of %s", this).isIn(500, 503, 504);
        assertThat(header("Content-Type")).as("%s", this).startsWith("application/problem+json");
        JsonNode problem = json();
        assertThat(problem.path("status").asInt()).as("%s", this).isEqualTo(status);
        assertThat(problem.path("type").asText()).as("%s", this).startsWith("urn:vitrina:problem:");
        assertThat(problem.path("detail").asText()).isNotBlank().doesNotContain("Exception", "at org.", "java.");
        assertThat(problem.path("error").asText())
                .as("the same as detail, for older clients")
                .isEqualTo(problem.path("detail").asText());
        if (status == 503) {
            assertThat(header("Retry-After")).as("%s", this).matches("[1-9][0-9]*");
        }
        return Integer.toString(status);
    }

    /**
     * As {@link #label}, of one part that is ill. Where the machine itself lost time another part may have needed so long
     * that a copy stood in for it: that says nothing.
     */
    String labelOf(String part) {
        String label = label();
        if (lost.isZero() || status != 200) {
            return label;
        }
        String of = Stream.of(label.split(", "))
                .filter(each -> each.startsWith(part + " ") || !each.endsWith(" stale"))
                .collect(Collectors.joining(", "));
        return of.isEmpty() ? COMPLETE : of;
    }

    /** Checks that it was out in time, as the caller saw it and as the BFF itself measured. */
    Page within(Duration limit) {
        Duration allowed = limit.plus(TOLERANCE).plus(lost);
        assertThat(took).as("time of %s (machine lost %s)", this, lost).isLessThanOrEqualTo(allowed);
        timings().forEach((dependency, time) -> assertThat(time)
                .as("time for %s in %s", dependency, this)
                .isLessThanOrEqualTo(allowed));
        return this;
    }

    /** Milliseconds by dependency, from {@code Server-Timing}. */
    Map<String, Duration> timings() {
        Map<String, Duration> times = new HashMap<>();
        for (String metric : header("Server-Timing").split(",", -1)) {
            String[] words = metric.trim().split(";", -1);
            for (String word : words) {
                if (word.startsWith("dur=")) {
                    times.put(words[0], Duration.ofNanos((long) (Double.parseDouble(word.substring(4)) * 1e6)));
                }
            }
        }
        return times;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    JsonNode json() {
        if (body.isEmpty()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + this, e);
        }
    }

    @Override
    public String toString() {
        int tail = body.indexOf("\"degraded\"");
        return status + " in " + took.toMillis() + " ms, " + header("Server-Timing") + ", "
                + (tail >= 0 ? body.substring(0, Math.min(70, tail)) + "…" + body.substring(tail) : body);
    }

    private String labelOfPage() {
        JsonNode page = json();
        Map<String, Degraded> degraded = degraded(page);
        List<String> faults = new ArrayList<>();
        assertThat(page.path("products").size()).as("products in %s", this).isPositive();
        int withoutLevel = 0;
        for (JsonNode product : page.path("products")) {
            assertThat(product.path("product_id").isInt()).as("%s", product).isTrue();
            assertThat(product.path("product_name").asText()).as("%s", product).isNotBlank();
            assertThat(product.path("price").asText()).as("%s", product).matches("[0-9]+\\.[0-9]{2}");
            JsonNode level = product.path("inventory");
            assertThat(level.isNull() || level.isInt()).as("%s", product).isTrue();
            withoutLevel += level.isNull() ? 1 : 0;
        }
        labelOfLines(page, "cart_items", "cart", degraded, faults);
        labelOfLines(page, "favorite_items", "favorites", degraded, faults);
        labelOfInventory(degraded.get("inventory"), withoutLevel, faults);
        Degraded products = degraded.get("products");
        if (products != null) {
            assertThat(products.reason()).as("%s", this).isEqualTo("stale");
            assertThat(products.ageMillis()).as("%s", this).isNotNull().isNotNegative();
            faults.add(stale("products"));
        }
        assertThat(faults).as("%s", this).hasSameSizeAs(degraded.keySet());
        return faults.isEmpty() ? COMPLETE : String.join(", ", faults);
    }

    private void labelOfLines(
            JsonNode page, String field, String part, Map<String, Degraded> degraded, List<String> faults) {
        Degraded wrong = degraded.get(part);
        if (wrong == null) {
            // what the demo data holds for the user whom the suites ask for
            assertThat(page.path(field).isInt()).as("%s", this).isTrue();
            assertThat(page.path(field).asInt()).as("%s", this).isEqualTo(3);
        } else {
            assertThat(page.path(field).isNull()).as("%s of %s", field, this).isTrue();
            faults.add(without(part, wrong.reason()));
        }
    }

    private void labelOfInventory(@Nullable Degraded wrong, int withoutLevel, List<String> faults) {
        if (wrong == null) {
            assertThat(withoutLevel).as("products without level in %s", this).isZero();
        } else if (wrong.reason().equals("stale")) {
            assertThat(wrong.ageMillis()).as("%s", this).isNotNull().isNotNegative();
            assertThat(withoutLevel).as("products without level in %s", this).isZero();
            faults.add(stale("inventory"));
        } else {
            assertThat(wrong.missing()).as("%s", this).isEqualTo(withoutLevel).isPositive();
            faults.add(without("inventory", wrong.reason()));
        }
    }

    private Map<String, Degraded> degraded(JsonNode page) {
        Map<String, Degraded> parts = new HashMap<>();
        for (JsonNode entry : page.path("degraded")) {
            String part = entry.path("part").asText();
            String reason = entry.path("reason").asText();
            assertThat(part).as("part in %s", this).isIn("products", "inventory", "cart", "favorites");
            assertThat(reason).as("reason in %s", this).isIn(REASONS);
            Degraded before = parts.put(
                    part,
                    new Degraded(
                            reason,
                            entry.has("missing") ? entry.path("missing").asInt() : null,
                            entry.has("age_ms") ? entry.path("age_ms").asLong() : null));
            assertThat(before).as("one entry a part in %s", this).isNull();
        }
        return parts;
    }
}
