package org.vitrina.predictions;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.cache.Cache;
import org.vitrina.cache.CacheSpec;
import org.vitrina.cache.Cached;
import org.vitrina.cache.Caches;
import org.vitrina.cache.Codec;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.RequestDeadline;
import org.vitrina.runtime.OwnContext;

/** Serves products' predictions: the latest from the cache, stale ones too while the database fails. */
@ApplicationScoped
class PredictionService {
    private static final String CACHE = "predictions";

    private final PredictionRepository repository;
    private final RequestDeadline deadline;
    private final Vertx vertx;
    private final Duration loadTimeout;
    private final Cache<Prediction> latest;

    PredictionService(
            PredictionRepository repository,
            RequestDeadline deadline,
            Vertx vertx,
            Caches caches,
            ObjectMapper json,
            PredictionsConfig config) {
        this.repository = repository;
        this.deadline = deadline;
        this.vertx = vertx;
        this.loadTimeout = config.loadTimeout();
        this.latest = caches.create(
                CacheSpec.named(CACHE, codec(json)).withTtl(config.maxAge()).withMaxStale(config.staleIfError()));
    }

    /** The product's latest prediction, with its age; 404 where there is none. */
    Uni<Cached<Prediction>> latest(int productId) {
        return latest.get(Integer.toString(productId), () -> load(productId))
                .onItem()
                .ifNull()
                .failWith(() -> none(productId));
    }

    /** By a time limit of its own, since others may wait for it too: not cut short at the deadline of who asked first. */
    private Uni<@Nullable Prediction> load(int productId) {
        return OwnContext.call(vertx, () -> deadline.bound(loadTimeout, repository.latest(productId))
                .map(found -> found.orElse(null)));
    }

    /** The one that was the latest when the day ended (UTC); 404 where the first came later. */
    Uni<Prediction> at(int productId, LocalDate day) {
        return repository
                .at(productId, day)
                .map(found -> found.orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "Product " + productId + " had no prediction on " + day + ".")));
    }

    Uni<List<Prediction>> ofCategory(int categoryId, int after, int most) {
        return repository.ofCategory(categoryId, after, most);
    }

    /** Removes all predictions of the product; 404 where there are none. */
    Uni<Void> delete(int productId) {
        return repository.forget(productId).chain(forgotten -> {
            if (!forgotten) {
                throw none(productId);
            }
            return latest.invalidate(Integer.toString(productId));
        });
    }

    /** Takes in what products tells; see {@link PredictionRepository#changed}. */
    Uni<String> changed(ProductChanged event) {
        return repository
                .changed(event)
                .call(outcome -> event.deleted()
                        ? latest.invalidate(Integer.toString(event.productId()))
                        : Uni.createFrom().voidItem());
    }

    /** Takes in an answer of the model; see {@link PredictionRepository#answered}. */
    Uni<String> answered(ModelId.OfProduct id, double value, String modelVersion) {
        return repository
                .answered(id, value, modelVersion)
                .call(outcome -> outcome.equals("stored")
                        ? latest.invalidate(Integer.toString(id.productId()))
                        : Uni.createFrom().voidItem());
    }

    private static ProblemException none(int productId) {
        return new ProblemException(ErrorCode.NOT_FOUND, "Product " + productId + " has no prediction.");
    }

    private static Codec<Prediction> codec(ObjectMapper json) {
        return Codec.of(
                prediction -> {
                    try {
                        return json.writeValueAsBytes(prediction);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                bytes -> {
                    try {
                        return json.readValue(bytes, Prediction.class);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
