package org.vitrina.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** What a user asks first, asked before him: the first request of a JVM takes many times as long as the second. */
final class TrainingRequests {
    private static final int AT_ONCE = 8;

    private final Services services;
    private final Stack stack;

    TrainingRequests(Services services, Stack stack) {
        this.services = services;
        this.stack = stack;
    }

    /** One request, by GET. */
    record Question(String service, String path) {}

    /** The questions of all services. */
    static List<Question> of(Services services) {
        return services.all().stream()
                .flatMap(service -> service.questions().stream().map(path -> new Question(service.name(), path)))
                .toList();
    }

    /** Every question once, to the services that run. */
    void askAll() {
        of(services).stream().filter(question -> runs(question.service())).forEach(this::ask);
    }

    /** Asks for the page, which asks everybody else, until it comes quickly or the time is over. */
    void askForThePageUntilQuick(Duration quick, Duration limit) {
        Optional<ServiceSpec> front = services.front().filter(one -> runs(one.name()));
        if (front.isEmpty()) {
            return;
        }
        Question page = new Question(front.get().name(), front.get().lookAt());
        long end = System.nanoTime() + limit.toNanos();
        long took;
        do {
            long begun = System.nanoTime();
            ask(page);
            took = System.nanoTime() - begun;
        } while (took > quick.toNanos() && System.nanoTime() < end);
    }

    /**
     * The questions to the front in turn, so often each: a part that came later than the front was not there for the
     * front's own warm-up. Over new connections, as a first burst comes.
     */
    void askTheFront(int times, Duration limit) {
        List<Question> questions = services.front().filter(one -> runs(one.name())).stream()
                .flatMap(front -> front.questions().stream().map(path -> new Question(front.name(), path)))
                .toList();
        long end = System.nanoTime() + limit.toNanos();
        var next = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                callers.execute(() -> {
                    int number = next.getAndIncrement();
                    while (number < times * questions.size() && System.nanoTime() - end < 0) {
                        ask(questions.get(number % questions.size()));
                        number = next.getAndIncrement();
                    }
                });
            }
        }
    }

    private boolean runs(String service) {
        return stack.parts().stream().anyMatch(part -> part.name().equals(service));
    }

    private void ask(Question question) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(stack.address(question.service()).url() + question.path())
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(3000);
            connection.setRequestProperty("Connection", "close");
            InputStream answer =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
            if (answer != null) {
                try (answer) {
                    answer.readAllBytes();
                }
            }
        } catch (IOException e) {
            // a part that does not answer is the status' matter, not ours
        }
    }
}
