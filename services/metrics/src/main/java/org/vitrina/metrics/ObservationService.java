package org.vitrina.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.Magnitude;
import org.vitrina.core.ProblemException;
import org.vitrina.metrics.ObservationRepository.Group;
import org.vitrina.runtime.RecurringTask;

/** Pairs, the figures that are made of them, and what is forgotten in time. */
@ApplicationScoped
class ObservationService implements RecurringTask {
    /** Edges of the histogram, in the unit of the target. */
    static final List<Double> EDGES = List.of(5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 75.0, 100.0, 150.0);

    private static final int PARTS = 60;
    private static final int FORGOTTEN_AT_ONCE = 5_000;
    private static final Duration FIGURES = Duration.ofHours(1);

    private final ObservationRepository repository;
    private final MetricsConfig config;
    private final ObjectMapper json;
    private final MeterRegistry registry;
    private final Counter withoutPrediction;
    private final Counter withoutTruth;
    private final VersionLabels versions = new VersionLabels();
    private volatile ObservationRepository.Counts counts = new ObservationRepository.Counts(0, 0);
    private volatile @Nullable ErrorReport figures;

    ObservationService(
            ObservationRepository repository, MetricsConfig config, ObjectMapper json, MeterRegistry registry) {
        this.repository = repository;
        this.config = config;
        this.json = json;
        this.registry = registry;
        this.withoutPrediction = partnerless(registry, "prediction");
        this.withoutTruth = partnerless(registry, "truth");
        Gauge.builder("vitrina.metrics.pairs", this, service -> service.counts.pairs())
                .description("Pairs on record")
                .register(registry);
        Gauge.builder("vitrina.metrics.waiting", this, service -> service.counts.waiting())
                .description("Truths and predictions that wait for their partner")
                .register(registry);
        figure(registry, "last", "Absolute error of the newest pair");
        figure(registry, "mean", "Mean absolute error of the last hour");
        figure(registry, "moving.mean", "Mean absolute error of the newest pairs");
    }

    private static Counter partnerless(MeterRegistry registry, String missing) {
        return Counter.builder("vitrina.metrics.partnerless")
                .description("Halves of pairs whose other half did not come in time")
                .tag("missing", missing)
                .register(registry);
    }

    private void figure(MeterRegistry registry, String name, String description) {
        Gauge.builder("vitrina.metrics.error." + name, this, service -> service.figure(name))
                .description(description)
                .register(registry);
    }

    private double figure(String name) {
        ErrorReport now = figures;
        if (now == null) {
            return Double.NaN;
        }
        Double value =
                switch (name) {
                    case "last" -> now.last();
                    case "mean" -> now.mean();
                    default -> now.movingMean();
                };
        return value == null ? Double.NaN : value;
    }

    /** Fails with {@code unavailable} whatever is wrong, unless it is the labels themselves: then they are tried one by one. */
    Uni<Void> addTruths(List<Label> labels) {
        return added(repository.addTruths(labels));
    }

    /** As {@link #addTruths}. */
    Uni<Void> addPredictions(List<Label> labels) {
        return added(repository.addPredictions(labels));
    }

    private Uni<Void> added(Uni<List<Paired>> pairs) {
        return pairs.onFailure(failure -> !isOfTheData(failure))
                .transform(failure -> new ProblemException(
                        ErrorCode.UNAVAILABLE, "The database cannot take labels at the moment: " + failure))
                .invoke(this::count)
                .replaceWithVoid();
    }

    /** PostgreSQL, appendix A: data exceptions and violated constraints. */
    private static boolean isOfTheData(Throwable failure) {
        return failure instanceof PgException refused
                && (refused.getSqlState().startsWith("22")
                        || refused.getSqlState().startsWith("23"));
    }

    private void count(List<Paired> pairs) {
        for (Paired pair : pairs) {
            DistributionSummary.builder("vitrina.metrics.absolute.error")
                    .description("Absolute errors of the pairs that this process made")
                    .tag("version", versions.label(pair.modelVersion()))
                    .serviceLevelObjectives(
                            EDGES.stream().mapToDouble(Double::doubleValue).toArray())
                    .register(registry)
                    .record(pair.error());
        }
    }

    Uni<List<Pair>> pairs(long after, int most) {
        return repository
                .pairs(after, most)
                .map(rows -> rows.stream().map(this::pair).toList());
    }

    // a pair is whole: the table's constraint
    @SuppressWarnings("NullAway")
    private Pair pair(ObservationEntity row) {
        return new Pair(
                row.position,
                row.id,
                row.truth,
                row.prediction,
                row.modelVersion,
                features(row.features),
                row.pairedAt);
    }

    private @Nullable List<Double> features(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Double[] numbers = json.readValue(text, Double[].class);
            boolean usable = Stream.of(numbers).allMatch(number -> number != null && Magnitude.isInput(number));
            return usable ? List.of(numbers) : null;
        } catch (JsonProcessingException e) {
            // an array of something else
            return null;
        }
    }

    Uni<ErrorReport> error(Duration window) {
        return repository
                .groups(window, PARTS, EDGES)
                .chain(groups -> repository.newest(config.moving()).map(newest -> report(window, groups, newest)));
    }

    static ErrorReport report(Duration window, List<Group> groups, List<Double> newest) {
        @Nullable Instant end = groups.isEmpty() ? null : groups.getFirst().askedAt();
        long[] bins = new long[EDGES.size() + 1];
        Map<String, double[]> versions = new TreeMap<>();
        Map<Integer, double[]> parts = new TreeMap<>(java.util.Comparator.reverseOrder());
        double errors = 0;
        for (Group group : groups) {
            bins[group.bin()] += group.pairs();
            errors += group.errors();
            add(versions.computeIfAbsent(group.version(), version -> new double[2]), group);
            add(parts.computeIfAbsent(group.part(), part -> new double[2]), group);
        }
        long pairs = LongStream.of(bins).sum();
        List<ErrorReport.Bin> histogram = new ArrayList<>();
        for (int i = 0; i < bins.length; i++) {
            histogram.add(new ErrorReport.Bin(
                    i == 0 ? 0 : EDGES.get(i - 1), i == EDGES.size() ? null : EDGES.get(i), bins[i]));
        }
        return new ErrorReport(
                window.toSeconds(),
                end,
                pairs,
                newest.isEmpty() ? null : newest.getFirst(),
                pairs == 0 ? null : errors / pairs,
                newest.isEmpty()
                        ? null
                        : newest.stream().mapToDouble(Double::doubleValue).sum() / newest.size(),
                histogram,
                versions.entrySet().stream()
                        .map(one -> new ErrorReport.Version(
                                one.getKey(), (long) one.getValue()[0], one.getValue()[1] / one.getValue()[0]))
                        .toList(),
                parts.entrySet().stream()
                        .map(one -> new ErrorReport.Point(
                                Objects.requireNonNull(end)
                                        .minus(window.multipliedBy(2L * one.getKey() + 1)
                                                .dividedBy(2L * PARTS)),
                                (long) one.getValue()[0],
                                one.getValue()[1] / one.getValue()[0]))
                        .toList());
    }

    private static void add(double[] sums, Group group) {
        sums[0] += group.pairs();
        sums[1] += group.errors();
    }

    private Uni<Integer> forgetWaiting() {
        return repository
                .forgetWaiting(config.partnerLimit(), FORGOTTEN_AT_ONCE)
                .invoke(forgotten -> {
                    withoutPrediction.increment((double) forgotten.withoutPrediction());
                    withoutTruth.increment((double) forgotten.withoutTruth());
                })
                .map(forgotten -> Math.toIntExact(forgotten.withoutPrediction() + forgotten.withoutTruth()));
    }

    @Override
    public String name() {
        return "the upkeep of pairs";
    }

    @Override
    public Duration every() {
        return config.upkeep();
    }

    @Override
    public Uni<?> work() {
        return RecurringTask.inPortions(FORGOTTEN_AT_ONCE, this::forgetWaiting)
                .chain(() -> RecurringTask.inPortions(
                        FORGOTTEN_AT_ONCE, () -> repository.forgetOld(config.keep(), FORGOTTEN_AT_ONCE)))
                .chain(repository::counts)
                .invoke(now -> counts = now)
                .chain(() -> error(FIGURES))
                .invoke(now -> figures = now);
    }
}
