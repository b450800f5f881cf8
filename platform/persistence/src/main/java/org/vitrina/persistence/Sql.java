package org.vitrina.persistence;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One statement, on a connection that is borrowed for it: a transaction by itself. */
@Singleton
public class Sql {
    private final Pool pool;

    public Sql(Pool pool) {
        this.pool = pool;
    }

    public Uni<RowSet<Row>> query(String statement, Tuple parameters) {
        return pool.preparedQuery(statement).execute(parameters);
    }

    public Uni<RowSet<Row>> query(String statement) {
        return pool.preparedQuery(statement).execute();
    }

    /** Its rows, in their order. */
    public <T> Uni<List<T>> list(String statement, Tuple parameters, Function<Row, T> mapping) {
        return query(statement, parameters).map(rows -> {
            List<T> list = new ArrayList<>(rows.size());
            rows.forEach(row -> list.add(mapping.apply(row)));
            return list;
        });
    }

    /** How many rows it changed. */
    public Uni<Integer> update(String statement, Tuple parameters) {
        return query(statement, parameters).map(RowSet::rowCount);
    }
}
