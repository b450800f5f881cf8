package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One event loop to run things on, and the timers that were set on it. */
final class Loop implements AutoCloseable {
    private final Vertx real = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = real.getOrCreateContext();
    private final Set<Long> timers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger timersSet = new AtomicInteger();
    private final Vertx watched = (Vertx)
            Proxy.newProxyInstance(Loop.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, args) -> {
                Object result;
                try {
                    result = method.invoke(real, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
                if (method.getName().equals("setTimer")) {
                    timersSet.incrementAndGet();
                    timers.add((Long) result);
                } else if (method.getName().equals("cancelTimer")) {
                    timers.remove((Long) args[0]);
                }
                return result;
            });

    /** Vert.x that watches its timers. */
    Vertx vertx() {
        return watched;
    }

    /** Vert.x itself, for what needs its inner face. */
    Vertx real() {
        return real;
    }

    /** Timers set so far. */
    int timersSet() {
        return timersSet.get();
    }

    /** Timers neither fired nor cancelled; one that fired counts until it is cancelled too late. */
    int timersNotCancelled() {
        return timers.size();
    }

    /** Does this on the event loop and waits for it. */
    <T> T on(Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            try {
                done.complete(work.call());
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return await(done);
    }

    /** Subscribes on the event loop; the future has the item or the failure. */
    <T> CompletableFuture<T> subscribe(Uni<T> uni) {
        return on(() -> uni.subscribe().asCompletionStage());
    }

    /** The item, which must come within five seconds. */
    static <T> T item(CompletableFuture<T> future) {
        return await(future);
    }

    /** The failure, which must come within five seconds. */
    static Throwable failure(CompletableFuture<?> future) {
        try {
            Object item = future.get(5, TimeUnit.SECONDS);
            throw new AssertionError("expected a failure, got " + item);
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no end within 5 s", e);
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            T item = future.get(5, TimeUnit.SECONDS);
            if (item == null) {
                throw new AssertionError("no item");
            }
            return item;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw new AssertionError("failed", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no end within 5 s", e);
        }
    }

    @Override
    public void close() {
        real.close().toCompletionStage().toCompletableFuture().join();
    }
}
