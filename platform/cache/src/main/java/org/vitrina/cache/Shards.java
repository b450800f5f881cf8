package org.vitrina.cache;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The servers of topology {@code distributed}: every address of every name in {@code vitrina.cache.redis.shards}. The names
 * are looked up again and again, so that pods may come and go; where none can be looked up the last known servers stay.
 */
final class Shards {
    private static final Logger LOG = Logger.getLogger(Shards.class);

    private final Vertx vertx;
    /** All changes are its own. */
    private final Context context;

    private final List<String> names;
    private final long refreshMs;
    private final Function<HostPort, CacheServer> open;
    private volatile Known known = new Known(List.of(), null);
    private boolean closed;

    /** @param open makes the server at an address, not connected yet */
    Shards(Vertx vertx, CacheConfig config, Function<HostPort, CacheServer> open) {
        this.vertx = vertx;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.names = config.redis().shards();
        this.refreshMs = config.redis().shardsRefresh().toMillis();
        this.open = open;
    }

    /** The servers at one moment and which of them has a key; no ring: none is known. */
    record Known(List<Shard> shards, @Nullable Ring ring) {}

    record Shard(String name, CacheServer server) {}

    Known known() {
        return known;
    }

    /** Without waiting: until the names are looked up for the first time every look-up is a miss. */
    void start() {
        // a look-up of names may block
        context.executeBlocking(this::addresses, false).onComplete(found -> {
            if (found.succeeded()) {
                use(found.result());
            } else {
                LOG.warnf("cache: the names of the shards cannot be looked up: %s", found.cause());
            }
            if (!closed) {
                vertx.setTimer(refreshMs, timer -> start());
            }
        });
    }

    private Collection<HostPort> addresses() throws UnknownHostException {
        TreeMap<String, HostPort> found = new TreeMap<>();
        UnknownHostException unknown = null;
        for (String name : names) {
            HostPort address = HostPort.parse(name);
            try {
                for (InetAddress each : InetAddress.getAllByName(address.host())) {
                    HostPort one = new HostPort(each.getHostAddress(), address.port());
                    found.put(one.toString(), one);
                }
            } catch (UnknownHostException e) {
                unknown = e;
            }
        }
        if (found.isEmpty() && unknown != null) {
            throw unknown;
        }
        return found.values();
    }

    private void use(Collection<HostPort> addresses) {
        Set<String> now = new HashSet<>();
        addresses.forEach(address -> now.add(address.toString()));
        Set<String> before = new HashSet<>();
        known.shards.forEach(shard -> before.add(shard.name));
        if (closed || now.equals(before)) {
            return;
        }
        List<Shard> shards = new ArrayList<>();
        List<Shard> gone = new ArrayList<>();
        known.shards.forEach(shard -> (now.contains(shard.name) ? shards : gone).add(shard));
        for (HostPort address : addresses) {
            if (!before.contains(address.toString())) {
                Shard shard = new Shard(address.toString(), open.apply(address));
                shard.server.connect();
                shards.add(shard);
            }
        }
        LOG.infof("cache: the shards are %s", now);
        known = new Known(
                List.copyOf(shards), new Ring(shards.stream().map(Shard::name).toList()));
        gone.forEach(shard -> shard.server.close());
    }

    void close() {
        context.runOnContext(now -> {
            closed = true;
            known.shards.forEach(shard -> shard.server.close());
        });
    }
}
