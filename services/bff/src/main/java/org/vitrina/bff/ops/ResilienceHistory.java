package org.vitrina.bff.ops;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.client.UpstreamStatus;
import org.vitrina.runtime.RecurringTask;

/** The last minutes second by second, and what happened in them: what {@code /ops} shows before, during and after a fault. */
@Singleton
public class ResilienceHistory implements RecurringTask {
    /** Two minutes. */
    static final int SAMPLES = 120;

    private static final int EVENTS = 12;

    private final ResilienceNow state;
    private final Surroundings surroundings;
    /** Written by the one turn that is under way. */
    private volatile Past past = new Past(List.of(), List.of());

    ResilienceHistory(ResilienceNow state, Surroundings surroundings) {
        this.state = state;
        this.surroundings = surroundings;
    }

    /**
     * How it stood at an instant.
     *
     * @param nanos of the monotonic clock
     * @param faults as the services told last
     * @param replicas this one first, then the others as they told last
     */
    public record Sample(long nanos, ResilienceView state, List<FaultSwitches.On> faults, List<Replica> replicas) {
        public PageOutcomes.Counts pages() {
            return state.pages();
        }
    }

    /** What can happen. */
    public enum What {
        FAULT_BEGUN,
        FAULT_ENDED,
        BREAKER_OPEN,
        BREAKER_PROBES,
        BREAKER_CLOSED,
        PAGES_DEGRADED,
        PAGES_FAILED,
        PAGES_COMPLETE
    }

    /** @param about the service; empty where it is about pages */
    public record Event(Instant at, What what, String about) {}

    /** As it was when last looked at, the oldest first. */
    public record Past(List<Sample> samples, List<Event> events) {}

    public Past past() {
        surroundings.look();
        return past;
    }

    @Override
    public String name() {
        return "Watching the resilience state";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Uni<?> work() {
        Surroundings.Seen seen = surroundings.seen();
        long now = System.nanoTime();
        ResilienceView view = state.view();
        List<Replica> replicas = new ArrayList<>(List.of(Replica.of(view, now)));
        seen.replicas().stream()
                .filter(each -> !each.instance().equals(view.instance()))
                .sorted(Comparator.comparing(Replica::instance))
                .forEach(replicas::add);
        add(new Sample(now, view, seen.faults(), List.copyOf(replicas)));
        return Uni.createFrom().voidItem();
    }

    private void add(Sample sample) {
        Past known = past;
        List<Sample> samples = new ArrayList<>(known.samples());
        List<Event> events = new ArrayList<>(known.events());
        if (!samples.isEmpty()) {
            compare(samples.getLast(), sample, events).forEach(event -> events.addFirst(event));
        }
        samples.add(sample);
        past = new Past(
                List.copyOf(samples.subList(Math.max(0, samples.size() - SAMPLES), samples.size())),
                List.copyOf(events.subList(0, Math.min(EVENTS, events.size()))));
    }

    private static List<Event> compare(Sample before, Sample after, List<Event> known) {
        List<Event> found = new ArrayList<>();
        Set<String> was = faulty(before);
        Set<String> is = faulty(after);
        is.stream().filter(each -> !was.contains(each)).forEach(each -> found.add(event(What.FAULT_BEGUN, each)));
        was.stream().filter(each -> !is.contains(each)).forEach(each -> found.add(event(What.FAULT_ENDED, each)));
        Map<String, String> breakers = new HashMap<>();
        before.state().dependencies().forEach(each -> breakers.put(each.name(), each.breaker()));
        for (UpstreamStatus each : after.state().dependencies()) {
            if (!each.breaker().equals(breakers.getOrDefault(each.name(), "closed"))) {
                found.add(event(
                        switch (each.breaker()) {
                            case "open" -> What.BREAKER_OPEN;
                            case "half-open" -> What.BREAKER_PROBES;
                            default -> What.BREAKER_CLOSED;
                        },
                        each.name()));
            }
        }
        What pages = pages(before.pages(), after.pages());
        if (pages != null && pages != lastOfPages(known)) {
            found.add(event(pages, ""));
        }
        return found;
    }

    private static Event event(What what, String about) {
        return new Event(Instant.now(), what, about);
    }

    /** The services in which a fault has begun. */
    public static Set<String> faulty(Sample sample) {
        Set<String> services = new TreeSet<>();
        sample.faults().stream()
                .filter(each -> each.beginsInMillis() == 0)
                .forEach(each -> services.add(each.service()));
        return services;
    }

    private static @Nullable What pages(PageOutcomes.Counts before, PageOutcomes.Counts after) {
        if (after.failed() > before.failed()) {
            return What.PAGES_FAILED;
        }
        if (sum(after) > sum(before)) {
            return What.PAGES_DEGRADED;
        }
        return after.complete() > before.complete() ? What.PAGES_COMPLETE : null;
    }

    /** All degraded pages. */
    public static long sum(PageOutcomes.Counts pages) {
        return pages.degraded().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Complete pages are what is usual: they are told after others only. */
    private static What lastOfPages(List<Event> events) {
        return events.stream()
                .filter(each -> each.about().isEmpty())
                .findFirst()
                .map(Event::what)
                .orElse(What.PAGES_COMPLETE);
    }
}
