package org.vitrina.bff.shop;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.experiments.Experiment;
import org.vitrina.bff.experiments.ExperimentsView;
import org.vitrina.bff.experiments.Interval;

/**
 * The operators' page of experiments, in words.
 *
 * @param age of what is shown, where nobody has confirmed it for some time; empty otherwise
 * @param choices {@code <service>/<variant>} that can be tried
 */
public record ExperimentsPage(String age, List<String> choices, List<One> experiments, List<Happened> history) {
    private static final Duration OLD = Duration.ofSeconds(10);

    /** One experiment. */
    public record One(String name, String service, String state, String until, String stopped, List<Arm> arms) {
        public boolean isRunning() {
            return state.equals("running");
        }
    }

    /** One variant: figures, each with its interval, and how they differ from the usual release's. */
    public record Arm(
            String variant,
            int share,
            long users,
            long calls,
            Figure conversion,
            Figure errors,
            Figure slow,
            Figure time) {}

    /**
     * @param less what is more or less than the usual release's; empty for that one itself
     * @param sure whether the difference is one, with 95 % confidence
     */
    public record Figure(String value, String less, boolean sure) {}

    /** @param why empty where nobody says */
    public record Happened(String at, String by, String experiment, String from, String to, String why) {}

    static ExperimentsPage of(ExperimentsView view, Visit visit) {
        Duration age = Duration.ofMillis(view.ageMs());
        return new ExperimentsPage(
                age.compareTo(OLD) > 0 ? Formats.age(age, visit) : "",
                view.variants().entrySet().stream()
                        .flatMap(ExperimentsPage::names)
                        .toList(),
                view.experiments().stream().map(each -> one(each, visit)).toList(),
                view.history().stream()
                        .map(each -> new Happened(
                                Formats.time(each.at().toString(), visit),
                                each.by(),
                                each.experiment(),
                                told(each.from()),
                                told(each.to()),
                                each.why() == null ? "" : each.why()))
                        .toList());
    }

    private static Stream<String> names(Map.Entry<String, Set<String>> service) {
        return service.getValue().stream()
                .filter(each -> !each.equals(Experiment.USUAL))
                .map(each -> service.getKey() + "/" + each);
    }

    private static String told(@Nullable Experiment experiment) {
        if (experiment == null) {
            return "–";
        }
        StringBuilder text = new StringBuilder(experiment.service()).append(':');
        experiment.shares().forEach((variant, share) -> text.append(' ')
                .append(variant)
                .append(' ')
                .append(share)
                .append('%'));
        return experiment.stopped() == null ? text.toString() : text + " ×";
    }

    private static One one(ExperimentsView.One experiment, Visit visit) {
        return new One(
                experiment.name(),
                experiment.service(),
                experiment.state(),
                Formats.time(experiment.until().toString(), visit),
                experiment.stopped() == null ? "" : experiment.stopped(),
                experiment.arms().stream().map(each -> arm(each, visit)).toList());
    }

    private static Arm arm(ExperimentsView.Arm arm, Visit visit) {
        ExperimentsView.Figures own = arm.figures();
        ExperimentsView.Figures less = arm.lessDefault();
        return new Arm(
                arm.variant(),
                arm.share(),
                arm.users(),
                arm.calls(),
                figure(own, less, ExperimentsView.Figures::conversion, 100, visit),
                figure(own, less, ExperimentsView.Figures::errors, 100, visit),
                figure(own, less, ExperimentsView.Figures::slow, 100, visit),
                figure(own, less, ExperimentsView.Figures::meanMs, 1, visit));
    }

    /** Without a difference for the usual release, from which the others differ. */
    private static Figure figure(
            ExperimentsView.Figures own,
            ExperimentsView.@Nullable Figures less,
            Function<ExperimentsView.Figures, Interval> which,
            int times,
            Visit visit) {
        String figure = text("%.1f (%.1f–%.1f)", which.apply(own), times, visit);
        if (less == null) {
            return new Figure(figure, "", false);
        }
        Interval difference = which.apply(less);
        return new Figure(figure, text("%+.1f (%+.1f … %+.1f)", difference, times, visit), difference.isSure());
    }

    private static String text(String format, Interval interval, int times, Visit visit) {
        return String.format(
                visit.isRussian() ? Locale.of("ru") : Locale.ROOT,
                format,
                times * interval.value(),
                times * interval.low(),
                times * interval.high());
    }
}
