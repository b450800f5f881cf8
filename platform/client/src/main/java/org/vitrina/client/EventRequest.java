package org.vitrina.client;

import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks for a stream of server-sent events and hands them on as they come, on a connection of its own. */
final class EventRequest {
    private EventRequest() {}

    /** @param mostBytes a larger event fails */
    static void read(
            HttpClient http, RequestOptions options, int mostBytes, MultiEmitter<? super ServerSentEvent> emitter) {
        AtomicBoolean ended = new AtomicBoolean();
        http.request(options)
                .compose(request -> {
                    emitter.onTermination(() -> {
                        if (!ended.getAndSet(true)) {
                            request.reset();
                        }
                    });
                    return ended.get() ? request.response() : request.send();
                })
                .onComplete(answered -> {
                    if (ended.get()) {
                        return; // its reader has left: nobody is to be told what that broke
                    }
                    if (answered.failed() || answered.result().statusCode() != 200) {
                        String why = answered.failed()
                                ? answered.cause().getMessage()
                                : "status " + answered.result().statusCode();
                        emitter.fail(new CallFailure.Final(Reason.ERROR, "no events: " + why, answered.cause()));
                        return;
                    }
                    HttpClientResponse response = answered.result();
                    EventReader reader = new EventReader(mostBytes, emitter::emit, emitter::fail);
                    response.exceptionHandler(broken -> {
                        if (!ended.get()) {
                            emitter.fail(broken);
                        }
                    });
                    response.endHandler(end -> {
                        ended.set(true);
                        emitter.complete();
                    });
                    response.handler(reader::read);
                });
    }
}
