package org.vitrina.persistence;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.WorkDeadline;

/** Counts what the deadlines of requests have cut short, and says how it fails. */
final class LateWork {
    private final Supplier<MeterRegistry> registry;

    /** @param registry asked for when there is something to count: the pool is there before it */
    LateWork(Supplier<MeterRegistry> registry) {
        this.registry = registry;
    }

    /** It was at work in the database, and was cancelled there. */
    ProblemException cut(String sql) {
        count(
                "vitrina.postgres.statements.cut",
                "Statements that were cancelled at the deadline of their request",
                sql);
        return WorkDeadline.late();
    }

    /** It would have begun after the deadline. */
    ProblemException notBegun(String sql) {
        count("vitrina.postgres.statements.not.begun", "Statements whose turn came after the deadline", sql);
        return WorkDeadline.late();
    }

    /** The deadline passed before a connection was free. */
    ProblemException withoutConnection() {
        Counter.builder("vitrina.postgres.waits.cut")
                .description("Waits for a connection that ended at the deadline of their request")
                .register(registry.get())
                .increment();
        return WorkDeadline.late();
    }

    private void count(String name, String description, String sql) {
        Counter.builder(name)
                .description(description)
                .tag("statement", StatementSummary.of(sql))
                .register(registry.get())
                .increment();
    }
}
