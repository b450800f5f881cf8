package org.vitrina.client;

import io.netty.channel.EventLoop;
import io.vertx.core.http.impl.HttpClientInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vitrina.discovery.Replica;
import org.vitrina.discovery.Replicas;

/** Where a dependency listens: at one address, or at those of the replicas that the registry tells. */
final class Endpoints {
    /** A call given up after so long has had no answer; before that it says nothing of its replica. */
    private static final long UNANSWERED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final HttpClientInternal http;
    private final Connections.Bounds bounds;
    private final @Nullable Replicas replicas;
    private final Endpoint fixed;
    private final Use ofFixed;
    private final Map<Replica, Endpoint> endpoints = new ConcurrentHashMap<>();

    /** @param replicas where calls go, in place of the host; null: to the host */
    Endpoints(HttpClientInternal http, Connections.Bounds bounds, String host, int port, @Nullable Replicas replicas) {
        this.http = http;
        this.bounds = bounds;
        this.replicas = replicas;
        this.fixed = new Endpoint(host, port);
        this.ofFixed = new Use(fixed, null);
    }

    /** One address, with the connections of each event loop to there. */
    private final class Endpoint {
        private final SocketAddress server;
        private final HostAndPort authority;
        private final Map<EventLoop, Connections> connections = new ConcurrentHashMap<>();

        Endpoint(String host, int port) {
            this.server = SocketAddress.inetSocketAddress(port, host);
            this.authority = HostAndPort.create(host, port);
        }

        Connections connections(EventLoop loop) {
            Connections known = connections.get(loop);
            return known != null
                    ? known
                    : connections.computeIfAbsent(loop, added -> new Connections(http, server, bounds, loop));
        }
    }

    /** One call to one of them; its replica, if it is one, is told once how the call ended. */
    static final class Use {
        private final Endpoint endpoint;
        private final @Nullable Replica replica;
        private final long begun;

        private Use(Endpoint endpoint, @Nullable Replica replica) {
            this.endpoint = endpoint;
            this.replica = replica;
            this.begun = replica == null ? 0 : System.nanoTime();
        }

        HostAndPort authority() {
            return endpoint.authority;
        }

        Connections connections(EventLoop loop) {
            return endpoint.connections(loop);
        }

        void answered(boolean failed) {
            if (replica != null) {
                replica.end(System.nanoTime() - begun, failed);
            }
        }

        /** Given up: a replica that had long enough to answer has failed, whether another was quicker or the caller left. */
        void left() {
            if (replica != null) {
                replica.end(-1, System.nanoTime() - begun > UNANSWERED_NANOS);
            }
        }

        /** Ended by something that says nothing of the replica. */
        void dropped() {
            if (replica != null) {
                replica.end(-1, false);
            }
        }
    }

    /** Where the next try of a call goes: to a replica that it has not tried, if there is one. Null: none is known. */
    @Nullable
    Use choose(CallScope scope, String target) {
        if (replicas == null) {
            return ofFixed;
        }
        Replica replica = replicas.choose(scope.tried(), target);
        if (replica == null) {
            return null;
        }
        scope.tries(replica);
        replica.begin();
        return new Use(endpoint(replica), replica);
    }

    /** Where something goes that is no call. */
    HostAndPort any(String target) {
        Replica replica = replicas == null ? null : replicas.choose(List.of(), target);
        return replica == null ? fixed.authority : HostAndPort.create(replica.getHost(), replica.getPort());
    }

    private Endpoint endpoint(Replica replica) {
        Endpoint known = endpoints.get(replica);
        if (known != null) {
            return known;
        }
        // those of replicas that have left are closed as their connections grow old
        endpoints.keySet().removeIf(other -> replicas != null && !replicas.has(other));
        return endpoints.computeIfAbsent(replica, added -> new Endpoint(added.getHost(), added.getPort()));
    }

    void close() {
        fixed.connections.values().forEach(Connections::close);
        endpoints.values().forEach(endpoint -> endpoint.connections.values().forEach(Connections::close));
    }
}
