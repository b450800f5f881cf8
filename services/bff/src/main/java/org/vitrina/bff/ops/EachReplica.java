package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks all replicas behind a name, each for at most a second: the name of a headless Service has an address for each pod.
 * Outside the guarded calls on purpose: these are no dependencies of any page, and must work while everything else is broken.
 */
@Singleton
class EachReplica {
    private static final int LIMIT_MILLIS = 1_000;

    private final Vertx vertx;
    private final HttpClient http;

    EachReplica(Vertx vertx) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(LIMIT_MILLIS).setIdleTimeout(30),
                new PoolOptions().setHttp1MaxSize(2));
    }

    /**
     * What one replica answered.
     *
     * @param status {@value #NONE} where it did not
     */
    record Answer(int status, Buffer body) {
        static final int NONE = 0;

        boolean isGood() {
            return status / 100 == 2;
        }
    }

    /**
     * One answer for each address, in any order; a single {@link Answer#NONE} where the name has none. Never fails.
     *
     * @param authorization the header's value; null for none
     */
    Uni<List<Answer>> ask(
            HttpMethod method, URI service, String path, @Nullable Buffer body, @Nullable String authorization) {
        return addresses(service.getHost())
                .onItem()
                .transformToMulti(found -> Multi.createFrom().iterable(found))
                .onItem()
                .transformToUniAndMerge(address -> ask(options(method, service, path, address, authorization), body))
                .collect()
                .asList()
                .onFailure()
                .recoverWithItem(unknown -> List.of(none()));
    }

    private Uni<List<String>> addresses(String host) {
        return Uni.createFrom().completionStage(() -> vertx.executeBlocking(
                        () -> Stream.of(InetAddress.getAllByName(host))
                                .map(InetAddress::getHostAddress)
                                .toList(),
                        false)
                .toCompletionStage());
    }

    private static RequestOptions options(
            HttpMethod method, URI service, String path, String address, @Nullable String authorization) {
        int port = service.getPort() < 0 ? 80 : service.getPort();
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setServer(SocketAddress.inetSocketAddress(port, address))
                .setHost(service.getHost())
                .setPort(port)
                .setURI(path)
                .setConnectTimeout(LIMIT_MILLIS)
                .setIdleTimeout(LIMIT_MILLIS);
        return authorization == null ? options : options.putHeader(HttpHeaders.AUTHORIZATION, authorization);
    }

    private Uni<Answer> ask(RequestOptions options, @Nullable Buffer body) {
        return Uni.createFrom().completionStage(() -> http.request(options)
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(answer -> answer.body().map(got -> new Answer(answer.statusCode(), got)))
                .otherwise(failure -> none())
                .toCompletionStage());
    }

    private static Answer none() {
        return new Answer(Answer.NONE, Buffer.buffer());
    }

    @PreDestroy
    void close() {
        Future<Void> unused = http.close();
    }
}
