package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vitrina.cache.Cache.Many;

class PassThroughTest {
    private final IllegalStateException down = new IllegalStateException("down");
    private final PassThrough<String> cache = new PassThrough<>();

    @Test
    void callsTheLoaderEachTime() {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertThat(cache.get("a", () -> Uni.createFrom().item("v" + loads.incrementAndGet()))
                            .await()
                            .indefinitely())
                    .isEqualTo(Cached.loaded("v" + loads.get()));
        }
        assertThat(loads).hasValue(3);
        assertThat(cache.get("a", () -> Uni.createFrom().nullItem()).await().indefinitely())
                .isNull();
        assertThat(cache.stale("a").await().indefinitely()).isNull();
        assertThat(cache.staleAll(List.of("a")).await().indefinitely()).isEmpty();
        assertThat(cache.invalidate("a").await().indefinitely()).isNull();
    }

    @Test
    void givesTheLoadersMap() {
        Many<String> many = cache.getAll(
                        List.of("a", "b"), keys -> Uni.createFrom().item(Map.of("a", "A")))
                .await()
                .indefinitely();
        assertThat(many.failure()).isNull();
        assertThat(many.found()).isEqualTo(Map.of("a", Cached.loaded("A")));
        assertThat(many.found().get("a")).isEqualTo(Cached.loaded("A"));
        assertThat(many.found().get("b")).isNull();
        assertThat(many.found().containsKey("b")).isFalse();
    }

    @Test
    void givesThePartAndTheReason() {
        Many<String> part = cache.getAll(List.of("a", "b"), keys -> Uni.createFrom()
                        .failure(new PartialLoadException(Map.of("a", "A"), Set.of("b"), down)))
                .await()
                .indefinitely();
        assertThat(part.found()).isEqualTo(Map.of("a", Cached.loaded("A")));
        assertThat(part.failure()).isSameAs(down);

        Many<String> none = cache.getAll(List.of("a"), keys -> Uni.createFrom().failure(down))
                .await()
                .indefinitely();
        assertThat(none.found()).isEmpty();
        assertThat(none.failure()).isSameAs(down);
    }
}
