package org.vitrina.bff.parts;

import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.PageConfig;
import org.vitrina.bff.upstream.SharedCalls;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.DeclaredGuard;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the service behind a declared part. */
final class PartClient implements SharedCalls {
    private final DeclaredGuard guard;
    private final Upstream part;
    private final HttpTransport http;

    PartClient(String name, PageConfig.Part config, PartUrl url, Upstreams upstreams) {
        this.guard = new DeclaredGuard(name, config);
        this.part = upstreams.upstream(name, config);
        this.http = upstreams.transport(url.server(), config);
    }

    /** @param read what a reply says; fails with a {@link CallFailure} where it says nothing */
    <T> Uni<T> get(CallScope scope, String target, Function<Reply, T> read) {
        return guard.guarded(
                part.call(scope, own -> http.get(own, target).map(read)).hedged());
    }

    @Override
    public void shared(CallScope scope, Throwable failure) {
        part.shared(scope, failure, guard::guarded);
    }

    @Override
    public @Nullable CallFailure refusal() {
        return part.refusal();
    }
}
