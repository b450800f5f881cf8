package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.identity.Caller;
import org.vitrina.identity.CurrentCaller;
import org.vitrina.persistence.idempotency.Fingerprint;
import org.vitrina.persistence.idempotency.KeyScope;

/**
 * Predictions that callers ask for and fetch later. Nothing of a request is in a process: it is in the database before the
 * caller has its answer, and the model's answer finds it by its id, whoever is alive then.
 */
@ApplicationScoped
class RequestService {
    private static final String OPERATION = "request";
    /** Whose keys are meant where nobody is asked who they are. */
    private static final int NOBODY = 0;

    private final RequestRepository repository;
    private final CurrentCaller callers;

    RequestService(RequestRepository repository, CurrentCaller callers) {
        this.callers = callers;
        this.repository = repository;
    }

    /**
     * Which request stands for what was asked.
     *
     * @param replayed whether it was there before, for the same key
     */
    record Asked(UUID id, boolean replayed) {}

    /**
     * @param key null: each call is a request of its own
     * @param client who is told the answer with all others of its own; null for nobody
     * @param version of the model that an experiment gives to the caller's user; null: as the model chooses
     */
    Uni<Asked> ask(Features features, @Nullable IdempotencyKey key, @Nullable UUID client, @Nullable String version) {
        UUID id = UUID.randomUUID();
        double[] numbers = features.array();
        if (key == null) {
            return repository.add(id, numbers, client, version).replaceWith(new Asked(id, false));
        }
        return repository
                .addOnce(
                        new KeyScope(user(), OPERATION, key.value(), key.quoted(), key.sentQuoted()),
                        Fingerprint.of(Arrays.toString(numbers) + (client == null ? "" : client)),
                        id,
                        numbers,
                        client,
                        version)
                .map(kept -> new Asked(UUID.fromString(kept.body()), kept.replayed()));
    }

    /** Keys are a user's own; a request's answer is for whoever knows its id, which none can guess. */
    private int user() {
        return callers.caller().map(Caller::userId).orElse(NOBODY);
    }

    Uni<PredictionRequest> find(UUID id) {
        return repository
                .find(id)
                .map(found -> found.orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "There is no request " + id + ", or it was too long ago.")));
    }

    /** Takes in the model's answer; tells what became of it. */
    Uni<String> answered(ModelId.OfRequest id, double value, String modelVersion) {
        return repository.answered(id.requestId(), value, modelVersion).map(waited -> waited ? "request" : "duplicate");
    }
}
