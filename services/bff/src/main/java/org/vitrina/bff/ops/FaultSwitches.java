package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * Reaches the switches for faults on trial at the services' management ports. Outside the guarded calls on purpose: these are
 * no dependencies of any page, and a switch must work while everything else is broken.
 */
@Singleton
public class FaultSwitches {
    private static final String PATH = "/ops/faults";
    private static final long LIMIT_MILLIS = 1_000;

    private final Map<String, URI> services;
    private final HttpClient http;

    FaultSwitches(Vertx vertx, BffConfig config) {
        this.services = addresses(config.ops().services().orElse(""));
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) LIMIT_MILLIS).setIdleTimeout(30),
                new PoolOptions().setHttp1MaxSize(2));
    }

    /** {@code name=url}, blanks between. */
    static Map<String, URI> addresses(String text) {
        Map<String, URI> addresses = new LinkedHashMap<>();
        for (String each : text.isBlank() ? new String[0] : text.strip().split("\\s+")) {
            int end = each.indexOf('=');
            URI address = URI.create(each.substring(end + 1));
            if (end < 1 || address.getHost() == null || address.getPort() < 0) {
                throw new IllegalArgumentException(
                        "vitrina.bff.ops.services must be name=url with a port, blanks between, not " + each);
            }
            addresses.put(each.substring(0, end), address);
        }
        return addresses;
    }

    /**
     * A fault that is on, or will be.
     *
     * @param what such as {@code hang} or {@code latency}
     * @param beginsInMillis 0 once it has begun
     */
    public record On(
            String service,
            String what,
            String route,
            double share,
            long beginsInMillis,
            long endsInMillis,
            long met) {}

    /** The services that may be told to misbehave; none where that cannot be tried. */
    public Set<String> services() {
        return services.keySet();
    }

    /** What is on in all services; nothing of one that does not tell. */
    public Uni<List<On>> all() {
        return Multi.createFrom()
                .iterable(services.keySet())
                .onItem()
                .transformToUniAndMerge(name -> ask(HttpMethod.GET, name, PATH, null)
                        .map(body -> read(name, body))
                        .onFailure()
                        .recoverWithItem(List.of()))
                .collect()
                .asList()
                .map(each -> each.stream().flatMap(List::stream).toList());
    }

    private static List<On> read(String service, Buffer body) {
        return new JsonObject(body)
                .getJsonArray("faults").stream()
                        .map(each -> (JsonObject) each)
                        .map(each -> new On(
                                service,
                                each.getString("kind", ""),
                                each.getString("route", "/"),
                                each.getDouble("share", 1.0),
                                each.getLong("begins_in_ms", 0L),
                                each.getLong("ends_in_ms", 0L),
                                each.getLong("met", 0L)))
                        .toList();
    }

    /**
     * Switches one on, in place of the one of the same id.
     *
     * @return fails with 400 where the service takes no such fault, 503 where it does not answer or knows no faults
     */
    public Uni<Void> set(String service, String id, JsonObject fault) {
        return ask(HttpMethod.PUT, service, PATH + "/" + id, fault.toBuffer()).replaceWithVoid();
    }

    /** Switches all of a service off. */
    public Uni<Void> end(String service) {
        return ask(HttpMethod.DELETE, service, PATH, null).replaceWithVoid();
    }

    private Uni<Buffer> ask(HttpMethod method, String service, String path, @Nullable Buffer body) {
        URI address = services.get(service);
        if (address == null) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ErrorCode.BAD_REQUEST, "There is no service of this name that takes faults."));
        }
        var options = new RequestOptions()
                .setMethod(method)
                .setHost(address.getHost())
                .setPort(address.getPort())
                .setURI(path)
                .setConnectTimeout(LIMIT_MILLIS)
                .setIdleTimeout(LIMIT_MILLIS);
        return Uni.createFrom()
                .completionStage(() -> http.request(options)
                        .compose(request -> body == null ? request.send() : request.send(body))
                        .compose(FaultSwitches::judged)
                        .toCompletionStage())
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> away(service));
    }

    private static Future<Buffer> judged(HttpClientResponse answer) {
        if (answer.statusCode() / 100 == 2) {
            return answer.body();
        }
        return Future.failedFuture(
                answer.statusCode() == 400
                        ? new ProblemException(ErrorCode.BAD_REQUEST, "The service takes no such fault.")
                        : new ProblemException(ErrorCode.UNAVAILABLE, "The service takes no faults now."));
    }

    private static ProblemException away(String service) {
        return new ProblemException(ErrorCode.UNAVAILABLE, "The management port of " + service + " does not answer.");
    }

    @PreDestroy
    void close() {
        var unused = http.close();
    }
}
