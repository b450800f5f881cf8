package org.vitrina.discovery;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.vitrina.runtime.GrowingPause;

/**
 * Keeps the list of one service as the registry tells it. What is no answer, or one that knows nothing, changes nothing: the next
 * replica of the registry is asked. Confined to one event loop.
 */
final class RegistryWatch {
    private static final Logger LOG = Logger.getLogger(RegistryWatch.class);
    /** Between an answer and the next question, should something between answer without waiting. */
    private static final int PACE_MILLIS = 20;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final RegistryClient client;
    private final List<URI> registries;
    private final String service;
    private final ReplicaList list;
    private final GrowingPause pause = new GrowingPause(LONGEST_PAUSE);
    private int at;
    private String tag = "";
    private boolean failing;
    private volatile boolean over;

    RegistryWatch(Vertx vertx, RegistryClient client, List<URI> registries, String service, ReplicaList list) {
        this.vertx = vertx;
        this.client = client;
        this.registries = registries;
        this.service = service;
        this.list = list;
    }

    void start() {
        vertx.getOrCreateContext().runOnContext(begun -> ask());
    }

    void end() {
        over = true;
    }

    private void ask() {
        if (over) {
            return;
        }
        client.watch(registries.get(at), service, tag).onSuccess(this::told).onFailure(this::failed);
    }

    private void told(RegistryClient.Told told) {
        if (told.replicas() == null) {
            list.confirmed();
        } else {
            list.told(told.replicas());
            tag = told.tag();
        }
        if (failing) {
            failing = false;
            LOG.infof("The registry tells the replicas of %s again", service);
        }
        pause.reset();
        vertx.setTimer(PACE_MILLIS, fired -> ask());
    }

    private void failed(Throwable failure) {
        if (!failing) {
            failing = true;
            LOG.warnf(
                    "The registry does not tell the replicas of %s, which stay as they were: %s",
                    service, failure.getMessage());
        }
        at = (at + 1) % registries.size();
        vertx.setTimer(Math.max(1, pause.next()), fired -> ask());
    }
}
