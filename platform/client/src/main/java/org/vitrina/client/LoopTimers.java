package org.vitrina.client;

import io.netty.util.concurrent.Future;
import io.smallrye.faulttolerance.AsyncExecutorProvider;
import io.smallrye.faulttolerance.ExecutorHolder;
import io.smallrye.faulttolerance.core.timer.Timer;
import io.smallrye.faulttolerance.core.timer.TimerTask;
import io.vertx.core.impl.ContextInternal;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Timers of the fault-tolerance annotations on the caller's own event loop.
 *
 * <p>Upstream has one thread for all of them and wakes it at each {@code @Timeout}, though nearly none fires: seven wake-ups
 * for a page with failing parts, each a system call and a change of threads, more than all its reads from sockets together.
 * An event loop has a queue of timers already, and sleeps until the first of them.
 */
@Alternative
@Priority(1)
@Singleton
class LoopTimers extends ExecutorHolder {
    private final Timer timer;

    @Inject
    LoopTimers(AsyncExecutorProvider executors) {
        super(executors);
        this.timer = new LoopTimer(super.getTimer(), executors.get());
    }

    @Override
    public Timer getTimer() {
        return timer;
    }

    /** Off an event loop it is upstream's. */
    private record LoopTimer(Timer elsewhere, Executor defaultExecutor) implements Timer {
        @Override
        public int getId() {
            return elsewhere.getId();
        }

        @Override
        public TimerTask schedule(long delayInMillis, Runnable task) {
            return schedule(delayInMillis, task, defaultExecutor);
        }

        @Override
        public TimerTask schedule(long delayInMillis, Runnable task, @Nullable Executor executor) {
            Executor runner = executor == null ? defaultExecutor : executor;
            ContextInternal context = ContextInternal.current();
            if (context == null || !context.nettyEventLoop().inEventLoop()) {
                return elsewhere.schedule(delayInMillis, task, runner);
            }
            return new LoopTask(context.nettyEventLoop()
                    .schedule(() -> runner.execute(task), delayInMillis, TimeUnit.MILLISECONDS));
        }

        /** Those of event loops are not counted: a gauge, which nobody reads, would need a counter that all loops share. */
        @Override
        public int countScheduledTasks() {
            return elsewhere.countScheduledTasks();
        }

        @Override
        public void shutdown() throws InterruptedException {
            elsewhere.shutdown();
        }
    }

    private record LoopTask(Future<?> scheduled) implements TimerTask {
        @Override
        public boolean isDone() {
            return scheduled.isDone();
        }

        @Override
        public boolean cancel() {
            return scheduled.cancel(false);
        }
    }
}
