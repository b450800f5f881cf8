package org.vitrina.e2e.orders;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** What happens around our services: servers die or stand still for a while, messages are nonsense; one after another. */
final class BackgroundFaults implements Runnable {
    private static final Duration A_WHILE = Duration.ofMillis(1_500);

    private final OrderStack stack;
    private final Messages messages;
    private final Random random;
    private final Http http = new Http();
    private final AtomicBoolean done;
    private final List<String> diary = Collections.synchronizedList(new ArrayList<>());

    BackgroundFaults(OrderStack stack, Messages messages, Random random, AtomicBoolean done) {
        this.stack = stack;
        this.messages = messages;
        this.random = random;
        this.done = done;
    }

    /** Each thing once at least, then on and on until customers stop. */
    @Override
    public void run() {
        List<Runnable> events = new ArrayList<>(List.of(
                this::brokerDies,
                this::brokerFreezes,
                this::postgresDies,
                this::postgresFreezes,
                this::providerDies,
                this::providerFreezes,
                this::providerForgetsToAnswer,
                this::poison));
        Collections.shuffle(events, random);
        for (int i = 0; i < events.size() || !done.get(); i++) {
            events.get(i % events.size()).run();
            CrashLoop.pause(Duration.ofMillis(2_000 + random.nextInt(4_000)));
        }
    }

    List<String> diary() {
        return List.copyOf(diary);
    }

    private void brokerDies() {
        diary.add("KILL broker");
        stack.broker().kill();
        CrashLoop.pause(A_WHILE);
        stack.broker().restart();
    }

    private void brokerFreezes() {
        diary.add("STOP broker");
        stack.broker().freeze();
        CrashLoop.pause(A_WHILE);
        stack.broker().thaw();
    }

    private void postgresDies() {
        diary.add("KILL postgres");
        stack.postgres().kill();
        CrashLoop.pause(Duration.ofMillis(random.nextInt(1_000)));
        stack.postgres().restart();
    }

    private void postgresFreezes() {
        diary.add("STOP postgres");
        stack.postgres().freeze();
        CrashLoop.pause(A_WHILE);
        stack.postgres().thaw();
    }

    private void providerDies() {
        diary.add("KILL sms-gateway");
        Program provider = stack.program("sms-gateway");
        provider.kill();
        CrashLoop.pause(A_WHILE);
        provider.start();
        stack.awaitReady(provider);
    }

    private void providerFreezes() {
        diary.add("STOP sms-gateway");
        Program provider = stack.program("sms-gateway");
        provider.freeze();
        CrashLoop.pause(A_WHILE);
        provider.thaw();
    }

    /** It accepts, and the sender does not learn that: it has to ask. */
    private void providerForgetsToAnswer() {
        diary.add("sms-gateway accepts and never answers");
        http.put(
                stack.program("sms-gateway").url() + "/ops/faults",
                "{\"mode\":\"" + (random.nextBoolean() ? "accept-then-hang" : "accept-then-fail") + "\",\"times\":5}");
        CrashLoop.pause(A_WHILE);
        http.delete(stack.program("sms-gateway").url() + "/ops/faults");
    }

    private void poison() {
        diary.add("poison");
        messages.sendPoison();
    }
}
