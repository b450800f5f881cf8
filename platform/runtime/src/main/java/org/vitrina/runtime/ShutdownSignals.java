package org.vitrina.runtime;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.vitrina.overload.Overload;

/**
 * Ends the process on SIGTERM and SIGINT without losing a request: unready and {@code Connection: close} at once, served
 * as usual for {@code vitrina.shutdown.delay}, then as long as requests are in flight, then closed, with exit code 0.
 *
 * <p>Quarkus' own way answers new requests with 503 while it drains, and ends with 143 (ADR 0004).
 */
@Singleton
class ShutdownSignals {
    private static final Logger LOG = Logger.getLogger(ShutdownSignals.class);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(10);

    private final Lifecycle lifecycle;
    private final Overload overload;
    private final ShutdownConfig config;
    private final CountDownLatch secondSignal = new CountDownLatch(1);

    ShutdownSignals(Lifecycle lifecycle, Overload overload, ShutdownConfig config) {
        this.lifecycle = lifecycle;
        this.overload = overload;
        this.config = config;
    }

    void install(@Observes StartupEvent started) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            onSignal("TERM");
            onSignal("INT");
        }
    }

    /**
     * By reflection: the compiler warns of {@code sun.misc.Signal} in a way that nothing silences, and here a warning is
     * an error. It is an exported, supported class (jdk.unsupported).
     */
    private void onSignal(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> {
                                received(name);
                                return null;
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(proxy);
                            }
                            case "equals" -> {
                                return proxy == arguments[0];
                            }
                            default -> {
                                return "signal handler";
                            }
                        }
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException e) {
            LOG.warnf(e, "SIG%s will end this process without draining", name);
        }
    }

    private void received(String name) {
        if (lifecycle.begun()) {
            secondSignal.countDown();
            return;
        }
        lifecycle.markDraining();
        Thread drain = new Thread(() -> drain(name), "vitrina-drain");
        drain.setDaemon(true);
        drain.start();
    }

    private void drain(String name) {
        long since = System.nanoTime();
        LOG.infof("SIG%s: unready, %d requests in flight", name, overload.unanswered());
        try {
            boolean secondCame = secondSignal.await(config.delay().toNanos(), TimeUnit.NANOSECONDS);
            long last = System.nanoTime() + config.timeout().toNanos();
            while (!secondCame && overload.unanswered() > 0 && System.nanoTime() - last < 0) {
                secondCame = secondSignal.await(CHECK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = overload.unanswered();
        if (left > 0) {
            LOG.errorf("Ending with %d requests still in flight", left);
        }
        LOG.infof("Drained in %d ms", (System.nanoTime() - since) / 1_000_000);
        Quarkus.asyncExit(0);
    }
}
