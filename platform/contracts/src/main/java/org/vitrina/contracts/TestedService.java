package org.vitrina.contracts;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** The service that is judged: asks it, and removes what a rule has made there. */
public final class TestedService implements AutoCloseable {
    /** Nobody waits longer for any answer; a service that has its deadline from somebody answers long before. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Ids of the kit begin somewhere above this: there a shop has hardly any of its own. */
    private static final int LOWEST_ID = 1_000_000_000;

    private static final int HIGHEST_ID = 2_147_000_000;
    private static final int TRIES = 20;

    private final TestedAddress address;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final Deque<HttpCall> removals = new ArrayDeque<>();
    private final AtomicInteger nextId =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LOWEST_ID, HIGHEST_ID));

    TestedService(TestedAddress address) {
        this.address = address;
    }

    TestedAddress address() {
        return address;
    }

    Exchange get(String path) throws BrokenRule {
        return ask(HttpCall.get(path));
    }

    Exchange put(String path, String json) throws BrokenRule {
        return ask(HttpCall.put(path, json));
    }

    Exchange delete(String path) throws BrokenRule {
        return ask(HttpCall.delete(path));
    }

    /** Asks with the kit's own token, where it has one. */
    Exchange ask(HttpCall call) throws BrokenRule {
        return ask(address.http(), call, address.token());
    }

    /** Asks as somebody else, or as nobody. */
    Exchange askAs(Optional<String> token, HttpCall call) throws BrokenRule {
        return ask(address.http(), call, token);
    }

    /** Asks where health is told. */
    Exchange askManagement(HttpCall call) throws BrokenRule, NotJudged {
        URI management = address.management()
                .orElseThrow(() -> new NotJudged("needs --management URL, where its health is told"));
        return ask(management, call, Optional.empty());
    }

    private Exchange ask(URI base, HttpCall call, Optional<String> token) throws BrokenRule {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + call.path()))
                .timeout(LONGEST)
                .method(call.method(), body(call));
        call.headers().forEach(request::header);
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        long begun = System.nanoTime();
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            return new Exchange(call, answer.statusCode(), answer.headers(), answer.body(), took);
        } catch (IOException e) {
            throw new BrokenRule(call + " had no answer: " + why(e) + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static BodyPublisher body(HttpCall call) {
        if (call.body() == null) {
            return BodyPublishers.noBody();
        }
        byte[] bytes = call.body().getBytes(StandardCharsets.UTF_8);
        return call.chunked()
                ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))
                : BodyPublishers.ofByteArray(bytes);
    }

    static String why(IOException e) {
        if (e instanceof ConnectException) {
            return "nothing listens there";
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? e.getClass().getSimpleName() : e.getMessage();
    }

    /**
     * The id of a user, or of a product, of which the service knows nothing, so that nobody's data is touched.
     *
     * @param read of what it has
     * @param removal of all that a rule makes of it
     */
    int unusedId(IntFunction<String> read, IntFunction<HttpCall> removal) throws BrokenRule {
        int id = unusedIdWhere(read, TestedService::isEmpty);
        afterwards(removal.apply(id));
        return id;
    }

    /** As above, of what cannot be removed. */
    int unusedIdWhere(IntFunction<String> read, Emptiness emptiness) throws BrokenRule {
        for (int i = 0; i < TRIES; i++) {
            int id = nextId.getAndIncrement();
            if (emptiness.isThere(get(read.apply(id)))) {
                return id;
            }
        }
        throw new BrokenRule("Each of " + TRIES + " ids of which nobody has heard has something already, such as at "
                + read.apply(nextId.get() - 1) + ".");
    }

    /** How an answer says that there is nothing. */
    @FunctionalInterface
    interface Emptiness {
        boolean isThere(Exchange read) throws BrokenRule;
    }

    private static boolean isEmpty(Exchange read) throws BrokenRule {
        return read.status() != 200 || read.json().isEmpty();
    }

    /** Of version 7, as ours are. */
    static UUID orderId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long time = (System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(1 << 12);
        return new UUID(time, Long.MIN_VALUE | (random.nextLong() >>> 2));
    }

    /** What is to be asked once the rule is judged, the last one first. */
    void afterwards(HttpCall removal) {
        removals.push(removal);
    }

    /** Removes what the rule has made; the calls that did not work. */
    List<String> cleanUp() {
        List<String> failed = new ArrayList<>();
        while (!removals.isEmpty()) {
            HttpCall removal = removals.pop();
            try {
                Exchange removed = ask(removal);
                if (removed.status() >= 300 && removed.status() != 404) {
                    failed.add(removal.toString());
                }
            } catch (BrokenRule e) {
                failed.add(removal.toString());
            }
        }
        return failed;
    }

    /** The same call many times at once. */
    List<Exchange> atOnce(int times, HttpCall call) throws BrokenRule {
        return atOnce(Collections.nCopies(times, call));
    }

    List<Exchange> atOnce(List<HttpCall> calls) throws BrokenRule {
        List<Future<Exchange>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (HttpCall call : calls) {
                asked.add(threads.submit(() -> ask(call)));
            }
        }
        List<Exchange> answers = new ArrayList<>();
        for (Future<Exchange> each : asked) {
            if (each.state() == Future.State.FAILED && each.exceptionNow() instanceof BrokenRule broken) {
                throw broken;
            }
            answers.add(each.resultNow());
        }
        return answers;
    }

    @Override
    public void close() {
        http.close();
    }
}
