package org.vitrina.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The registry's HTTP face, as seen by those who register and those who watch. */
final class RegistryClient {
    private static final int CONNECT_MILLIS = 500;
    private static final int REGISTER_MILLIS = 2000;
    /** Well below what a frozen registry could hide. */
    private static final int WAIT_SECONDS = 5;

    private static final int WATCH_MILLIS = 7000;
    private static final int POOL = 64;

    private final HttpClient http;

    RegistryClient(Vertx vertx) {
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS), new PoolOptions().setHttp1MaxSize(POOL));
    }

    /**
     * What the registry says of a service.
     *
     * @param replicas null: as they were
     */
    record Told(@Nullable List<Replica.Address> replicas, String tag) {}

    /** Registers or renews; the milliseconds after which to do it again. */
    Future<Long> register(URI registry, String service, String id, JsonObject replica, @Nullable String secret) {
        return send(registry, HttpMethod.PUT, instance(service, id), secret, replica.toBuffer())
                .compose(answer -> answer.statusCode() == 200 || answer.statusCode() == 201
                        ? answer.body().map(body -> body.toJsonObject().getLong("renew_after_ms"))
                        : failed(answer));
    }

    Future<Void> deregister(URI registry, String service, String id, @Nullable String secret) {
        return send(registry, HttpMethod.DELETE, instance(service, id), secret, null)
                .compose(answer -> answer.statusCode() == 204 ? Future.succeededFuture() : failed(answer));
    }

    /**
     * The replicas as soon as they are others than those of the tag, or after a few seconds.
     *
     * @param tag empty: at once
     */
    Future<Told> watch(URI registry, String service, String tag) {
        String path = "/services/" + service + "/instances" + (tag.isEmpty() ? "" : "?wait=" + WAIT_SECONDS);
        RequestOptions options = options(registry, HttpMethod.GET, path, WATCH_MILLIS);
        if (!tag.isEmpty()) {
            options.putHeader("If-None-Match", tag).putHeader("Prefer", "wait=" + WAIT_SECONDS);
        }
        return http.request(options).compose(request -> request.send()).compose(answer -> switch (answer.statusCode()) {
            case 200 -> answer.body().map(body -> new Told(replicas(body), header(answer)));
            case 304 -> answer.body().map(none -> new Told(null, tag));
            default -> failed(answer);
        });
    }

    private static String header(HttpClientResponse answer) {
        String tag = answer.getHeader("ETag");
        return tag == null ? "" : tag;
    }

    private static List<Replica.Address> replicas(Buffer body) {
        List<Replica.Address> replicas = new ArrayList<>();
        for (Object one : new JsonArray(body)) {
            JsonObject replica = (JsonObject) one;
            replicas.add(new Replica.Address(
                    replica.getString("id"),
                    replica.getString("address"),
                    replica.getInteger("port"),
                    replica.getString("zone", ""),
                    replica.getInteger("weight", 100),
                    replica.getString("version", "")));
        }
        return replicas;
    }

    private Future<HttpClientResponse> send(
            URI registry, HttpMethod method, String path, @Nullable String secret, @Nullable Buffer body) {
        RequestOptions options = options(registry, method, path, REGISTER_MILLIS);
        if (secret != null) {
            options.putHeader("Authorization", "Bearer " + secret);
        }
        if (body == null) {
            return http.request(options).compose(request -> request.send());
        }
        options.putHeader("Content-Type", "application/json");
        return http.request(options).compose(request -> request.send(body));
    }

    private static RequestOptions options(URI registry, HttpMethod method, String path, int limitMillis) {
        boolean tls = "https".equals(registry.getScheme());
        return new RequestOptions()
                .setMethod(method)
                .setHost(registry.getHost())
                .setPort(registry.getPort() > 0 ? registry.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(path)
                .setTimeout(limitMillis);
    }

    private static String instance(String service, String id) {
        return "/services/" + service + "/instances/" + id;
    }

    /** Read to its end, so that the connection can be used again. */
    private static <T> Future<T> failed(HttpClientResponse answer) {
        return answer.body()
                .compose(body -> Future.failedFuture(
                        switch (answer.statusCode()) {
                            case 404 -> "it knows none";
                            case 400, 403 -> body.toString();
                            default -> "status " + answer.statusCode();
                        }));
    }

    void close() {
        http.close();
    }
}
