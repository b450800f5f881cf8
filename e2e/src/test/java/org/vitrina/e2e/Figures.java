package org.vitrina.e2e;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a load saw in some stretch of time: how many answers, how fast, how degraded, and everything that was not right. */
final class Figures {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int SHOWN = 8;

    private final List<Answer> answers = new ArrayList<>();
    private int underWay;

    /**
     * One request and what became of it.
     *
     * @param label what the page says, {@link Page#label()}; null where there is no right answer
     * @param wrong what is wrong: another status, a page that breaks its contract, a connection that broke
     */
    record Answer(Instant asked, boolean kept, Duration took, @Nullable String label, @Nullable String wrong) {}

    /** A request is on its way. */
    synchronized void asked() {
        underWay++;
    }

    /** What became of one that was {@link #asked}. */
    synchronized void add(Answer answer) {
        answers.add(answer);
        underWay--;
        notifyAll();
    }

    /** Every answer, once nothing is under way any more. */
    synchronized List<Answer> all() throws InterruptedException {
        while (underWay > 0) {
            wait();
        }
        return List.copyOf(answers);
    }

    /** Lines for people; the last one is {@code all right} or {@code N wrong, the last T ms after the first}. */
    static List<String> report(List<Answer> answers) {
        List<String> lines = new ArrayList<>();
        long[] millis =
                answers.stream().mapToLong(answer -> answer.took().toMillis()).toArray();
        Arrays.sort(millis);
        long kept = answers.stream().filter(Answer::kept).count();
        lines.add("%d answers (%d on kept connections, %d on new ones), p50 %d ms, p99 %d ms, max %d ms"
                .formatted(
                        answers.size(),
                        kept,
                        answers.size() - kept,
                        percentile(millis, 50),
                        percentile(millis, 99),
                        percentile(millis, 100)));
        Map<String, Integer> labels = new TreeMap<>();
        answers.stream()
                .map(Answer::label)
                .filter(label -> label != null)
                .forEach(label -> labels.merge(label, 1, Integer::sum));
        labels.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(entry -> lines.add(entry.getValue() + " " + entry.getKey()));
        List<Answer> wrong = answers.stream()
                .filter(answer -> answer.wrong() != null)
                .sorted(Comparator.comparing(Answer::asked))
                .toList();
        wrong.stream()
                .limit(SHOWN)
                .forEach(answer -> lines.add("%s, %s connection, after %d ms: %s"
                        .formatted(
                                TIME.format(answer.asked()),
                                answer.kept() ? "kept" : "new",
                                answer.took().toMillis(),
                                answer.wrong())));
        if (answers.isEmpty()) {
            lines.add("0 wrong, but nothing was asked");
        } else if (wrong.isEmpty()) {
            lines.add("all right");
        } else {
            lines.add("%d wrong, the last asked %d ms after the first"
                    .formatted(
                            wrong.size(),
                            Duration.between(
                                            wrong.getFirst().asked(),
                                            wrong.getLast().asked())
                                    .toMillis()));
        }
        return lines;
    }

    /** The smallest of the sorted values that {@code percent} of them do not exceed; 0 where there is none. */
    private static long percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
    }
}
