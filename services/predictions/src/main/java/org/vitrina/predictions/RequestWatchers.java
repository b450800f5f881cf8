package org.vitrina.predictions;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.EventWatchers;
import org.vitrina.runtime.Draining;

/** Tells who waits for predictions when they are there, whichever replica took in the model's answer. */
@ApplicationScoped
class RequestWatchers {
    private final RequestRepository requests;
    private final EventWatchers<UUID, PredictionRequest> ofRequests;
    private final EventWatchers<UUID, ClientAnswer> ofClients;

    RequestWatchers(RequestRepository requests, Draining draining, Vertx vertx, PredictionsConfig config) {
        this.requests = requests;
        this.ofRequests = new EventWatchers<>(new Requests(), draining, vertx, config.events());
        this.ofClients = new EventWatchers<>(new Clients(), draining, vertx, config.events());
    }

    /**
     * The request as it is, and its prediction when it is there.
     *
     * @param last id of the last event that the caller has; null where it has none
     */
    Multi<OutboundSseEvent> ofRequest(UUID id, @Nullable String last, Sse sse) {
        return requests.find(id).onItem().transformToMulti(found -> found.map(
                        present -> ofRequests.stream(id, List.of(present), last, sse))
                .orElseGet(() -> Multi.createFrom().empty()));
    }

    /**
     * All predictions that the client asked for and that are kept, in the order in which they came, and each that comes.
     *
     * @param last id of the last event that the caller has; null where it has none
     */
    Multi<OutboundSseEvent> ofClient(UUID client, @Nullable String last, Sse sse) {
        return ofClients.stream(client, List.of(), last, sse);
    }

    /** Requests: 1 while pending, 2 with their prediction. */
    private final class Requests implements EventWatchers.Source<UUID, PredictionRequest> {
        @Override
        public Uni<List<PredictionRequest>> after(Map<UUID, Long> known) {
            return requests.all(known.keySet());
        }

        @Override
        public UUID watched(PredictionRequest request) {
            return request.requestId();
        }

        @Override
        public long number(PredictionRequest request) {
            return request.value() == null ? 1 : 2;
        }

        @Override
        public OutboundSseEvent.Builder event(PredictionRequest request, Sse sse) {
            return RequestWatchers.event(request, sse);
        }
    }

    /** Clients, by the numbers of their answers. */
    private final class Clients implements EventWatchers.Source<UUID, ClientAnswer> {
        @Override
        public Uni<List<ClientAnswer>> after(Map<UUID, Long> known) {
            return requests.answersAfter(known);
        }

        @Override
        public UUID watched(ClientAnswer answer) {
            return answer.client();
        }

        @Override
        public long number(ClientAnswer answer) {
            return answer.number();
        }

        @Override
        public OutboundSseEvent.Builder event(ClientAnswer answer, Sse sse) {
            return RequestWatchers.event(answer.request(), sse);
        }
    }

    private static OutboundSseEvent.Builder event(PredictionRequest request, Sse sse) {
        return sse.newEventBuilder()
                .name("request." + request.status())
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(request);
    }
}
