package org.vitrina.bff.upstream;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.core.Response;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reply;

/** What comes back from a dependency, the same for both kinds of client. */
public final class Replies {
    private Replies() {}

    /** What the REST client's call of this scope carries on. */
    public static CarriedHeaders carry(CallScope scope) {
        return new CarriedHeaders(scope);
    }

    /** The typed client's answer as a reply; 5xx and broken connections are failures that may be tried again. */
    public static Uni<Reply> of(Uni<Response> answer) {
        return answer.onFailure()
                .transform(failure -> new CallFailure.Retryable(String.valueOf(failure.getMessage()), failure))
                .map(Replies::reply);
    }

    /** The reply if its status is 200; a refusal by the dependency says nothing about its health. */
    public static Reply ok(String dependency, Reply reply) {
        if (reply.status() != 200) {
            throw CallFailure.Uncounted.refused(dependency + " answered " + reply.status());
        }
        return reply;
    }

    private static Reply reply(Response response) {
        if (response.getStatus() >= 500) {
            throw new CallFailure.Retryable("status " + response.getStatus(), null);
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        response.getStringHeaders().forEach(headers::add);
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
        return new Reply(response.getStatus(), headers, Buffer.buffer(body));
    }
}
