package org.vitrina.bff;

import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.vitrina.testing.http.Answer;

/** A BFF before services that a test scripts; each test begins with all of them well and every breaker closed. */
@WithTestResource(Backs.class)
abstract class BffTest {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration AT_ONCE = Duration.ofMillis(100);

    private static final Set<URI> WARM = ConcurrentHashMap.newKeySet();

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    CircuitBreakerMaintenance breakers;

    /** Filled by {@link Backs}. */
    @SuppressWarnings("NullAway.Init")
    Backs.Services behind;

    @SuppressWarnings("NullAway.Init")
    Shop shop;

    @BeforeEach
    void begin() {
        shop = new Shop(base);
        behind.heal();
        if (WARM.add(base)) {
            // times are judged; the first page of a process, and its first one in trouble, also loads its classes
            shop.together(4, "/products/all?user_id=1");
            behind.inventory().answer(Answer.HANGS);
            behind.favorites().answer(Answer.status(500));
            shop.get("/products/all?user_id=1", "X-Request-Deadline-Ms", "200");
            behind.heal();
            shop.get("/products/all?user_id=1");
        }
        await().until(() -> behind.all().stream().allMatch(service -> service.underWay() == 0));
        behind.heal();
        breakers.resetAll();
    }
}
