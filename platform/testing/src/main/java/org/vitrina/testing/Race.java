package org.vitrina.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Does the same thing from many threads at the same instant, since races are tested by racing. */
public final class Race {
    private Race() {}

    /** Calls with 0 to {@code runners - 1}, all at once, and gives what they returned, in that order. */
    public static <T> List<T> of(int runners, IntFunction<T> call) {
        var line = new CyclicBarrier(runners);
        var calls = IntStream.range(0, runners)
                .<Callable<T>>mapToObj(runner -> () -> {
                    line.await();
                    return call.apply(runner);
                })
                .toList();
        try (var threads = Executors.newFixedThreadPool(runners)) {
            var results = new ArrayList<T>();
            for (var result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a runner failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
