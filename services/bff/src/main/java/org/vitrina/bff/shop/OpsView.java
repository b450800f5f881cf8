package org.vitrina.bff.shop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.ops.FaultSwitches;
import org.vitrina.bff.ops.Replica;
import org.vitrina.bff.ops.ResilienceHistory;
import org.vitrina.bff.ops.ResilienceHistory.Sample;
import org.vitrina.bff.ops.ResilienceView;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.cache.CacheStatus;
import org.vitrina.client.ReplicasStatus;
import org.vitrina.client.UpstreamStatus;

/**
 * What the resilience page shows of the last minutes, in words and in coordinates of its pictures. Rates are of the last
 * {@value #WINDOW} seconds.
 *
 * @param instance which of several replicas this is
 * @param mood {@code complete}, {@code degraded}, {@code failed} or {@code quiet}: what callers got last
 * @param height of the map
 */
public record OpsView(
        String instance,
        String mood,
        String pagesPerSecond,
        int limit,
        int inFlight,
        int waiting,
        String rejected,
        List<ReplicaLine> replicas,
        List<Service> services,
        List<CacheLine> caches,
        List<FaultLine> faults,
        List<Happened> events,
        List<Share> got,
        Timeline timeline,
        int height) {
    private static final int WINDOW = 5;
    private static final int ROW = 56;
    private static final int TOP = 76;

    /**
     * One dependency.
     *
     * @param tone {@code good}, {@code few} (it errs or a fault is on) or {@code bad} (not asked)
     * @param replicas how many the registry tells; 0 where it is not asked
     * @param notWell how many of them get no calls, or only those that no other can take
     * @param y of its row in the map
     * @param width of the line to it
     */
    public record Service(
            String name,
            String tone,
            String breaker,
            boolean faulty,
            String calls,
            String errors,
            String p50,
            String p99,
            String retries,
            String hedges,
            String rejected,
            String budget,
            int replicas,
            long notWell,
            int y,
            int width) {}

    /**
     * One replica of the BFF.
     *
     * @param here whether it is the one that tells all this
     * @param mood as of the whole
     * @param open the dependencies that it does not ask now
     */
    public record ReplicaLine(
            String name, boolean here, String mood, String pages, int inFlight, int limit, int waiting, String open) {}

    public record CacheLine(String name, String hits, String stale, String misses) {}

    public record FaultLine(
            String service, String what, String route, String share, String begins, String ends, long met) {}

    public record Happened(String at, String what, String about) {}

    /** How many pages were answered so, in the time of the picture. */
    public record Share(String outcome, String reason, long pages) {}

    /** A rectangle of the picture. */
    public record Bar(String tone, String x, String y, String width, String height) {}

    /** A line of the picture: when a fault was there, or an open breaker. */
    public record Lane(String name, boolean fault, List<Bar> bars) {}

    /**
     * Pages by second, and below them faults and breakers.
     *
     * @param most pages in a second, the height of the picture
     */
    public record Timeline(List<Bar> bars, List<Lane> lanes, String most) {}

    static OpsView of(ResilienceHistory.Past past, Visit visit) {
        List<Sample> samples = past.samples();
        if (samples.isEmpty()) {
            return new OpsView(
                    "",
                    "quiet",
                    "0",
                    0,
                    0,
                    0,
                    "0",
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    new Timeline(List.of(), List.of(), "0"),
                    TOP);
        }
        Sample now = samples.getLast();
        Sample then = samples.get(Math.max(0, samples.size() - 1 - WINDOW));
        double seconds = Math.max(0.001, (now.nanos() - then.nanos()) / 1e9);
        List<Service> services = services(then.state(), now, seconds, visit);
        ResilienceView.Limit limit = now.state().limit();
        return new OpsView(
                now.state().instance(),
                mood(then.pages(), now.pages()),
                rate(total(now.pages()) - total(then.pages()), seconds, visit),
                limit.limit(),
                limit.inFlight(),
                limit.waiting(),
                rate(limit.rejected() - then.state().limit().rejected(), seconds, visit),
                now.replicas().stream()
                        .map(each -> line(then.replicas(), each, now.state().instance(), visit))
                        .toList(),
                services,
                caches(then.state().cache(), now.state().cache(), seconds, visit),
                now.faults().stream().map(each -> line(each, visit)).toList(),
                past.events().stream()
                        .map(each -> new Happened(
                                Formats.clock(each.at()),
                                each.what().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                each.about()))
                        .toList(),
                got(samples.getFirst().pages(), now.pages()),
                OpsPicture.of(samples),
                TOP + ROW * services.size());
    }

    private static long total(PageOutcomes.Counts pages) {
        return pages.complete() + pages.failed() + ResilienceHistory.sum(pages);
    }

    private static String mood(PageOutcomes.Counts then, PageOutcomes.Counts now) {
        if (now.failed() > then.failed()) {
            return "failed";
        }
        if (ResilienceHistory.sum(now) > ResilienceHistory.sum(then)) {
            return "degraded";
        }
        return now.complete() > then.complete() ? "complete" : "quiet";
    }

    private static List<Service> services(ResilienceView then, Sample now, double seconds, Visit visit) {
        Map<String, UpstreamStatus> before = new HashMap<>();
        then.dependencies().forEach(each -> before.put(each.name(), each));
        Set<String> faulty = ResilienceHistory.faulty(now);
        Map<String, ReplicasStatus> replicas = new HashMap<>();
        now.state().discovered().forEach(each -> replicas.put(each.dependency(), each));
        List<Service> services = new ArrayList<>();
        for (UpstreamStatus each : byName(now.state().dependencies())) {
            services.add(service(
                    before.get(each.name()),
                    each,
                    faulty.contains(each.name()),
                    replicas.get(each.name()),
                    TOP + ROW * services.size(),
                    seconds,
                    visit));
        }
        return services;
    }

    private static List<UpstreamStatus> byName(List<UpstreamStatus> all) {
        return all.stream().sorted(Comparator.comparing(UpstreamStatus::name)).toList();
    }

    private static Service service(
            @Nullable UpstreamStatus then,
            UpstreamStatus now,
            boolean faulty,
            @Nullable ReplicasStatus replicas,
            int y,
            double seconds,
            Visit visit) {
        UpstreamStatus from = then == null ? now : then;
        long errors = now.failures() + now.timeouts() - from.failures() - from.timeouts();
        double calls = (now.calls() - from.calls()) / seconds;
        boolean closed = now.breaker().equals("closed");
        return new Service(
                now.name(),
                closed ? (errors > 0 || faulty ? "few" : "good") : "bad",
                now.breaker(),
                faulty,
                rate(now.calls() - from.calls(), seconds, visit),
                rate(errors, seconds, visit),
                millis(now.p50Ms(), visit),
                millis(now.p99Ms(), visit),
                rate(now.retries() - from.retries(), seconds, visit),
                rate(now.hedges() - from.hedges(), seconds, visit),
                rate(now.rejected() - from.rejected(), seconds, visit),
                Long.toString((long) now.retryBudget()),
                replicas == null ? 0 : replicas.replicas().size(),
                replicas == null ? 0 : replicas.notWell(),
                y,
                calls <= 0 ? 1 : (int) Math.min(9, 2 + 2 * Math.log10(1 + calls)));
    }

    private static List<CacheLine> caches(CacheStatus then, CacheStatus now, double seconds, Visit visit) {
        Map<String, CacheStatus.OneCache> before = new HashMap<>();
        then.caches().forEach(each -> before.put(each.name(), each));
        return now.caches().stream()
                .map(each -> {
                    CacheStatus.OneCache from = before.getOrDefault(each.name(), each);
                    return new CacheLine(
                            each.name(),
                            rate(each.hits() - from.hits(), seconds, visit),
                            rate(each.stale() - from.stale(), seconds, visit),
                            rate(each.misses() - from.misses(), seconds, visit));
                })
                .toList();
    }

    private static ReplicaLine line(List<Replica> before, Replica now, String here, Visit visit) {
        Replica then = before.stream()
                .filter(each -> each.instance().equals(now.instance()))
                .findFirst()
                .orElse(now);
        double seconds = Math.max(0.001, (now.nanos() - then.nanos()) / 1e9);
        return new ReplicaLine(
                now.instance(),
                now.instance().equals(here),
                mood(then.pages(), now.pages()),
                rate(total(now.pages()) - total(then.pages()), seconds, visit),
                now.limit().inFlight(),
                now.limit().limit(),
                now.limit().waiting(),
                String.join(", ", now.open()));
    }

    private static FaultLine line(FaultSwitches.On on, Visit visit) {
        return new FaultLine(
                on.service(),
                on.what(),
                on.route(),
                Math.round(on.share() * 100) + "%",
                on.beginsInMillis() == 0 ? "" : visit.words().seconds(Math.max(1, on.beginsInMillis() / 1000)),
                visit.words().seconds(Math.max(1, on.endsInMillis() / 1000)),
                on.met());
    }

    private static List<Share> got(PageOutcomes.Counts first, PageOutcomes.Counts last) {
        List<Share> got = new ArrayList<>();
        got.add(new Share("complete", "", last.complete() - first.complete()));
        new TreeMap<>(last.degraded()).forEach((reason, count) -> {
            long pages = count - first.degraded().getOrDefault(reason, 0L);
            if (pages > 0) {
                got.add(new Share("degraded", reason, pages));
            }
        });
        got.add(new Share("failed", "", last.failed() - first.failed()));
        return got;
    }

    private static String rate(long count, double seconds, Visit visit) {
        return number(count / seconds, visit);
    }

    private static String millis(double millis, Visit visit) {
        return number(millis, visit);
    }

    /** With a decimal where it is small. */
    private static String number(double number, Visit visit) {
        return number >= 10 || number < 0.05
                ? Long.toString(Math.round(number))
                : String.format(visit.isRussian() ? Locale.of("ru") : Locale.ROOT, "%.1f", number);
    }
}
