package org.vitrina.http;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.Config;
import org.vitrina.runtime.BeforeReady;

/**
 * Asks this process its own questions, over its own port, before others may: the first requests of a cold process pay for
 * classes, connections and interpreted code from the socket to the database. Every other answer ends its connection, since a
 * burst comes over new ones.
 */
@Singleton
class WarmUpRequests implements BeforeReady {
    private static final String HEADER = "X-Vitrina-Warm-Up";

    private final Vertx vertx;
    private final Config config;
    private final HttpPort port;
    private final List<String> paths;
    private final int requests;
    /** Known to this process alone: nobody else is served before it is ready. */
    private final String secret = UUID.randomUUID().toString();

    WarmUpRequests(Vertx vertx, Config config, HttpPort port, HttpConfig settings) {
        this.vertx = vertx;
        this.config = config;
        this.port = port;
        this.paths =
                settings.warmUpPaths().map(paths -> List.of(paths.split(" "))).orElse(List.of());
        this.requests = settings.warmUpRequests();
    }

    /** Whether a request is one of these. */
    boolean asks(MultiMap headers) {
        return secret.equals(headers.get(HEADER));
    }

    @Override
    public Uni<Void> run() {
        int port = this.port.get();
        if (paths.isEmpty() || requests < 1 || port < 1) {
            return Uni.createFrom().voidItem();
        }
        String host = config.getValue("quarkus.http.host", String.class);
        HttpClient http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultHost(host.equals("0.0.0.0") ? "127.0.0.1" : host)
                        .setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(AT_ONCE));
        return Multi.createFrom()
                .range(0, paths.size())
                .onItem()
                .transformToUniAndConcatenate(
                        place -> askOften(http, paths.get(place), Math.max(1, place == 0 ? requests : requests / 2)))
                .collect()
                .last()
                .replaceWithVoid()
                .onTermination()
                .invoke(() -> http.close());
    }

    private Uni<Void> askOften(HttpClient http, String path, int times) {
        var asked = new AtomicInteger();
        return ask(http, path, true)
                .chain(status -> status >= 400
                        ? Uni.createFrom().voidItem()
                        : BeforeReady.askOften(times - 1, () -> ask(http, path, asked.incrementAndGet() % 2 == 0)));
    }

    /**
     * The status of the answer; 599 where there is none.
     *
     * @param keeps whether its connection serves another one
     */
    private Uni<Integer> ask(HttpClient http, String path, boolean keeps) {
        return Uni.createFrom().completionStage(() -> http.request(HttpMethod.GET, path)
                .compose(request -> request.putHeader(HEADER, secret)
                        .send()
                        .compose(WarmUpRequests::read)
                        .onComplete(answered -> {
                            if (!keeps) {
                                request.connection().close();
                            }
                        }))
                .otherwise(599)
                .toCompletionStage());
    }

    private static Future<Integer> read(HttpClientResponse answer) {
        return answer.body().map(body -> answer.statusCode());
    }
}
