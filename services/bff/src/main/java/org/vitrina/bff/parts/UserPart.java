package org.vitrina.bff.parts;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.PageConfig;
import org.vitrina.bff.upstream.UpstreamProblems;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstreams;

/** A declared part with one value for the user; nothing of it is kept, as of cart and favorites. */
public final class UserPart extends DeclaredPart {
    private final PartClient client;
    private final PartUrl url;

    UserPart(String name, PageConfig.Part config, PartUrl url, Upstreams upstreams) {
        super(name, config);
        this.client = new PartClient(name, config, url, upstreams);
        this.url = url;
    }

    /**
     * What its service says of a user.
     *
     * @param json the value as the JSON that is sent on; null where there is none, or where it could not be had
     * @param missing why it could not be had; null when all is well
     */
    public record Value(@Nullable Buffer json, @Nullable Reason missing) {}

    /** Never fails; who is unknown to the service (404) has no value. */
    public Uni<Value> value(CallScope scope, int user) {
        return client.get(scope, url.target(Integer.toString(user)), this::read)
                .onItemOrFailure()
                .transform((json, failure) ->
                        failure == null ? new Value(json, null) : new Value(null, UpstreamProblems.reason(failure)));
    }

    private @Nullable Buffer read(Reply reply) {
        return reply.status() == 404
                ? null
                : PartAnswers.ofUser(Replies.ok(name(), reply).body(), field());
    }
}
