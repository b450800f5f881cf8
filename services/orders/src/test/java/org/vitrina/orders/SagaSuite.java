package org.vitrina.orders;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

/** A shop that fails in parts: what the tests of the saga do and look at. */
@SuppressWarnings("NullAway.Init") // set by the test resource
abstract class SagaSuite {
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Inject
    JumpingClock clock;

    Shop.Services shop;

    @AfterEach
    void heal() {
        shop.heal();
        clock.jump(Duration.ZERO);
    }

    /** Requests with this method are carried out once the latch is open. */
    static Shop.Fault waitsFor(CountDownLatch open, String method) {
        return Shop.only(request -> request.method().equals(method), (request, carryOut) -> {
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return carryOut.get();
        });
    }
}
