package org.vitrina.favorites;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.runtime.WarmUp;

/** Reads and writes a user's favorites before the service is ready. */
@ApplicationScoped
class FavoritesWarmUp extends WarmUp {
    private static final int ANYBODY = 1;

    private final FavoritesRepository favorites;
    private final ObjectMapper json;

    FavoritesWarmUp(FavoritesRepository favorites, ObjectMapper json) {
        this.favorites = favorites;
        this.json = json;
    }

    @Override
    public String name() {
        return "favorites";
    }

    @Override
    protected Uni<?> work() {
        // not by the service: to it, a user without favorites is a failure
        return favorites.of(ANYBODY).invoke(Unchecked.consumer(json::writeValueAsBytes));
    }
}
