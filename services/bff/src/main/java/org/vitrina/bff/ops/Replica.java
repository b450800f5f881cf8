package org.vitrina.bff.ops;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.client.UpstreamStatus;

/**
 * How one replica of the BFF fares.
 *
 * @param nanos when that was known, of the monotonic clock here
 * @param open the dependencies that it does not ask now, or only by a probe
 */
public record Replica(
        String instance, long nanos, PageOutcomes.Counts pages, ResilienceView.Limit limit, List<String> open) {

    /** This one. */
    static Replica of(ResilienceView state, long nanos) {
        return new Replica(
                state.instance(),
                nanos,
                state.pages(),
                state.limit(),
                state.dependencies().stream()
                        .filter(each -> !each.breaker().equals("closed"))
                        .map(UpstreamStatus::name)
                        .toList());
    }

    /** Another one, by its {@code /ops/resilience}. */
    static Replica read(JsonObject state, long nanos) {
        JsonObject limit = state.getJsonObject("limit");
        return new Replica(
                state.getString("instance", "?"),
                nanos,
                pages(state.getJsonObject("pages")),
                new ResilienceView.Limit(
                        limit.getInteger("limit"),
                        limit.getInteger("in_flight"),
                        limit.getInteger("waiting"),
                        limit.getLong("rejected")),
                state.getJsonArray("dependencies").stream()
                        .map(each -> (JsonObject) each)
                        .filter(each -> !"closed".equals(each.getString("breaker")))
                        .map(each -> each.getString("name"))
                        .toList());
    }

    private static PageOutcomes.Counts pages(JsonObject pages) {
        Map<String, Long> degraded = new TreeMap<>();
        JsonObject reasons = pages.getJsonObject("degraded");
        reasons.fieldNames().forEach(reason -> degraded.put(reason, reasons.getLong(reason)));
        return new PageOutcomes.Counts(pages.getLong("complete"), pages.getLong("failed"), degraded);
    }
}
