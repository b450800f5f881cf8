package org.vitrina.e2e.orders;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What customers did and were told, as far as the sums at the end need it. */
final class Records {
    /**
     * One intended order. Its key is also its address, and its telephone is its own, so that orders and messages can be
     * told apart whatever happened to the answers.
     */
    record Intent(int user, String key, String phone, String body) {}

    /** One intended top-up, in kopecks. */
    record TopUp(int user, String key, long kopecks) {}

    private final Map<String, Intent> intents = new ConcurrentHashMap<>();
    private final Map<String, TopUp> topUps = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> promised = new ConcurrentHashMap<>();

    void intends(Intent intent) {
        intents.put(intent.key(), intent);
    }

    void intends(TopUp topUp) {
        topUps.put(topUp.key(), topUp);
    }

    /** Notes an answer, and whether it is one that may be. */
    Http.Answer answered(String what, Http.Answer answer, Collection<Integer> expected) {
        answers.computeIfAbsent(what + " " + answer.status(), any -> new LongAdder())
                .increment();
        if (answer.status() != 0 && !expected.contains(answer.status()) && surprises.size() < 20) {
            surprises.add(what + " was answered " + answer);
        }
        return answer;
    }

    /** Notes an order that somebody was told to have. */
    void promised(String orderId) {
        promised.putIfAbsent(orderId, System.nanoTime());
    }

    Set<String> promised() {
        return promised.keySet();
    }

    /** How many orders customers were told to have since then, by {@link System#nanoTime}. */
    long promisedSince(long nanos) {
        return promised.values().stream().filter(at -> at - nanos > 0).count();
    }

    Map<String, Intent> intents() {
        return intents;
    }

    Collection<TopUp> topUps() {
        return topUps.values();
    }

    Collection<String> surprises() {
        return surprises;
    }

    /** How often which answer came. */
    long count(String whatAndStatus) {
        LongAdder adder = answers.get(whatAndStatus);
        return adder == null ? 0 : adder.sum();
    }

    @Override
    public String toString() {
        return new TreeMap<>(answers).toString();
    }
}
