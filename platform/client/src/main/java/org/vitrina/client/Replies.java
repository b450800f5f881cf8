package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;

/** What comes back from a dependency. */
public final class Replies {
    private Replies() {}

    /** The declared client's answer as a reply. */
    static Uni<Reply> of(Uni<Response> answer, int maxAnswerBytes) {
        return answer.onFailure().transform(CallFailure::ofTransport).map(response -> reply(response, maxAnswerBytes));
    }

    /** The reply if it is none of 5xx; those are failures that may be tried again. */
    public static Reply judged(Reply reply) {
        if (reply.status() >= 500) {
            throw new CallFailure.Retryable("status " + reply.status(), null);
        }
        return reply;
    }

    /** The reply if its status is 200; a refusal by the dependency says nothing about its health. */
    public static Reply ok(String dependency, Reply reply) {
        if (reply.status() != 200) {
            throw CallFailure.Uncounted.refused(dependency + " answered " + reply.status());
        }
        return reply;
    }

    /** The JSON object that a dependency answers with 200. */
    public static JsonObject object(String dependency, Reply reply) {
        try {
            return new JsonObject(ok(dependency, reply).body());
        } catch (DecodeException e) {
            throw new CallFailure.Retryable("no JSON object from " + dependency + ": broken JSON", e);
        }
    }

    /** The objects in the JSON list that a dependency answers with 200; whatever else is in it is left out. */
    public static List<JsonObject> objects(String dependency, Reply reply) {
        List<JsonObject> objects = new ArrayList<>();
        try {
            for (Object each : new JsonArray(ok(dependency, reply).body())) {
                if (each instanceof JsonObject object) {
                    objects.add(object);
                }
            }
        } catch (DecodeException e) {
            throw new CallFailure.Retryable("no JSON list from " + dependency + ": broken JSON", e);
        }
        return objects;
    }

    private static Reply reply(Response response, int maxAnswerBytes) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        response.getStringHeaders().forEach(headers::add);
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
        if (body.length > maxAnswerBytes) {
            throw new CallFailure.Final(Reason.ERROR, "an answer larger than " + maxAnswerBytes + " bytes", null);
        }
        return new Reply(response.getStatus(), headers, Buffer.buffer(body));
    }
}
