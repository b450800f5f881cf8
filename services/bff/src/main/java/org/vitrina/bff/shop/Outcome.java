package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.vitrina.bff.upstream.Write;
import org.vitrina.client.CallFailure;
import org.vitrina.client.Reply;
import org.vitrina.http.IdempotencyKey;

/**
 * What came of a write, as far as it is known.
 *
 * @param status 0 where there was no answer
 * @param body empty where the answer has none
 * @param replayed whether it is the answer to an earlier sending of the same
 */
record Outcome(Kind kind, int status, JsonObject body, boolean replayed) {
    enum Kind {
        DONE,
        /** The service has said no; nothing was changed. */
        REFUSED,
        /** It was certainly not done: the service was not reached, or has said so. */
        NOT_DONE,
        /** It may have been done or not. */
        UNKNOWN
    }

    private static final String TYPE = "urn:vitrina:problem:";

    static Uni<Outcome> of(Uni<Reply> write) {
        return write.map(Outcome::of)
                .onFailure(Write.NotDone.class)
                .recoverWithItem(failure -> new Outcome(Kind.NOT_DONE, 0, new JsonObject(), false))
                .onFailure(CallFailure.class)
                .recoverWithItem(failure -> new Outcome(Kind.UNKNOWN, 0, new JsonObject(), false));
    }

    private static Outcome of(Reply reply) {
        int status = reply.status();
        // orders waits for a request with the same key that is still at work; how that ends is not known here
        boolean running = status == 409 && reply.headers().contains("Retry-After");
        Kind kind = status < 400 ? Kind.DONE : running ? Kind.UNKNOWN : status >= 500 ? Kind.NOT_DONE : Kind.REFUSED;
        boolean replayed = "true".equals(reply.headers().get(IdempotencyKey.REPLAYED));
        return new Outcome(kind, status, json(reply), replayed);
    }

    private static JsonObject json(Reply reply) {
        try {
            return reply.body().length() == 0 ? new JsonObject() : new JsonObject(reply.body());
        } catch (DecodeException notJson) {
            return new JsonObject();
        }
    }

    boolean isDone() {
        return kind == Kind.DONE;
    }

    /** Which problem it is, such as {@code out-of-stock}; empty for none of ours. */
    String slug() {
        String type = String.valueOf(body.getValue("type"));
        return type.startsWith(TYPE) ? type.substring(TYPE.length()) : "";
    }
}
