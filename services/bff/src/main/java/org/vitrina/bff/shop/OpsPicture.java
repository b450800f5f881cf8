package org.vitrina.bff.shop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.vitrina.bff.ops.ResilienceHistory;
import org.vitrina.bff.ops.ResilienceHistory.Sample;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.client.UpstreamStatus;

/** The one picture of fault, what callers saw, and breaker: seconds from left to right, now at the right. */
final class OpsPicture {
    private static final int HEIGHT = 120;

    private static final int WIDTH = 720;
    private static final int SECONDS = 120;
    private static final double STEP = (double) WIDTH / SECONDS;

    private OpsPicture() {}

    static OpsView.Timeline of(List<Sample> samples) {
        long most = 1;
        for (int i = 1; i < samples.size(); i++) {
            most = Math.max(most, total(samples.get(i)) - total(samples.get(i - 1)));
        }
        List<OpsView.Bar> bars = new ArrayList<>();
        for (int i = 1; i < samples.size(); i++) {
            column(
                    bars,
                    x(i, samples),
                    samples.get(i - 1).pages(),
                    samples.get(i).pages(),
                    most);
        }
        List<OpsView.Lane> lanes = new ArrayList<>();
        for (String each : faulty(samples)) {
            lanes.add(lane(each, "fault", samples, sample -> ResilienceHistory.faulty(sample)
                    .contains(each)));
        }
        for (String each : broken(samples)) {
            lanes.add(lane(each, "open", samples, sample -> isBroken(sample, each)));
        }
        return new OpsView.Timeline(bars, lanes, Long.toString(most));
    }

    private static void column(
            List<OpsView.Bar> bars, double x, PageOutcomes.Counts then, PageOutcomes.Counts now, long most) {
        double top = HEIGHT;
        long[] pages = {
            now.complete() - then.complete(),
            ResilienceHistory.sum(now) - ResilienceHistory.sum(then),
            now.failed() - then.failed()
        };
        String[] tones = {"good", "few", "bad"};
        for (int i = 0; i < pages.length; i++) {
            double height = (HEIGHT - 8.0) * pages[i] / most;
            if (height > 0) {
                top -= height;
                bars.add(new OpsView.Bar(tones[i], text(x), text(top), text(STEP - 1), text(height)));
            }
        }
    }

    private static OpsView.Lane lane(String name, String tone, List<Sample> samples, Predicate<Sample> shown) {
        List<OpsView.Bar> bars = new ArrayList<>();
        int begin = -1;
        for (int i = 0; i <= samples.size(); i++) {
            boolean on = i < samples.size() && shown.test(samples.get(i));
            if (on && begin < 0) {
                begin = i;
            } else if (!on && begin >= 0) {
                bars.add(new OpsView.Bar(tone, text(x(begin, samples)), "0", text((i - begin) * STEP), "14"));
                begin = -1;
            }
        }
        return new OpsView.Lane(name, tone.equals("fault"), bars);
    }

    private static double x(int index, List<Sample> samples) {
        return WIDTH - (samples.size() - index) * STEP;
    }

    private static Set<String> faulty(List<Sample> samples) {
        Set<String> names = new TreeSet<>();
        samples.forEach(each -> names.addAll(ResilienceHistory.faulty(each)));
        return names;
    }

    private static Set<String> broken(List<Sample> samples) {
        Set<String> names = new TreeSet<>();
        samples.forEach(sample -> sample.state().dependencies().stream()
                .filter(each -> !each.breaker().equals("closed"))
                .forEach(each -> names.add(each.name())));
        return names;
    }

    private static boolean isBroken(Sample sample, String name) {
        return sample.state().dependencies().stream()
                .filter(each -> each.name().equals(name))
                .map(UpstreamStatus::breaker)
                .anyMatch(breaker -> !breaker.equals("closed"));
    }

    private static long total(Sample sample) {
        PageOutcomes.Counts pages = sample.pages();
        return pages.complete() + pages.failed() + ResilienceHistory.sum(pages);
    }

    private static String text(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
