package org.vitrina.products;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import org.vitrina.core.Money;
import org.vitrina.persistence.ReadReplica;
import org.vitrina.persistence.Sql;

/** Reads and locks rows of the catalogue. */
@ApplicationScoped
class ProductRepository implements PanacheRepositoryBase<ProductEntity, Integer> {
    private static final String LINES = "SELECT id, name, price, category_id FROM product WHERE id ";
    private static final String ABOVE = "> $1";
    private static final String BELOW = "< $1";
    private static final String OF_CATEGORY = " AND category_id = $";
    private static final String OF_IDS = " AND id = ANY ($";

    /**
     * The expression is that of the index product_words. The words are a query of their own and the order no index's, so that
     * the planner takes that index whatever the words: else it walks through the table by id for frequent ones and takes each
     * name apart, which takes seconds where those that match come late.
     */
    private static final String WITH_WORDS =
            " AND to_tsvector('simple', translate(name, '-+./\\_@:%&?=#~\"''()[]«»“”„‘’–—…·№×', '"
                    + " ".repeat(32)
                    + "')) @@ (SELECT to_tsquery('simple', $";

    private static final String FIRST = " ORDER BY id";
    private static final String FIRST_FOUND = " ORDER BY id + 0";
    private static final String NEWEST_FIRST = " DESC";
    private static final String SO_MANY = " LIMIT $2";

    private static final String CATEGORIES = "SELECT id, name FROM category ORDER BY id LIMIT $1";
    private static final int MOST_CATEGORIES = 500;

    private final Sql sql;
    private final ReadReplica replica;

    ProductRepository(Sql sql, ReadReplica replica) {
        this.sql = sql;
        this.replica = replica;
    }

    /**
     * The products of a page and one more: that one only tells that there is a next page. Not HQL, which is translated anew
     * for each list of ids: half of what the read cost, and every page and every order asks it. Who names products may charge
     * for them, so that is read from the database itself.
     */
    Uni<List<ProductLine>> lines(ProductQuery query) {
        Tuple parameters = Tuple.of(query.after(), query.limit() + 1);
        if (query.categoryId() != null) {
            parameters.addInteger(query.categoryId());
        }
        if (query.ids() != null) {
            parameters.addArrayOfInteger(query.ids().toArray(Integer[]::new));
        }
        if (query.words() != null) {
            parameters.addString(query.words());
        }
        return query.ids() == null
                ? replica.list(statement(query), parameters, ProductRepository::line)
                : sql.list(statement(query), parameters, ProductRepository::line);
    }

    /** The statement; its parameters are the first id's predecessor, how many, then what the query names, in its order. */
    static String statement(ProductQuery query) {
        var statement = new StringBuilder(LINES).append(query.newestFirst() ? BELOW : ABOVE);
        int parameters = 2;
        if (query.categoryId() != null) {
            statement.append(OF_CATEGORY).append(++parameters);
        }
        if (query.ids() != null) {
            statement.append(OF_IDS).append(++parameters).append(')');
        }
        if (query.words() != null) {
            statement.append(WITH_WORDS).append(++parameters).append("))");
        }
        return statement
                .append(query.words() == null ? FIRST : FIRST_FOUND)
                .append(query.newestFirst() ? NEWEST_FIRST : "")
                .append(SO_MANY)
                .toString();
    }

    /** Those that have a name, by id: few, and the same for every caller. */
    Uni<List<Category>> categories() {
        return replica.list(
                CATEGORIES,
                Tuple.of(MOST_CATEGORIES),
                row -> new Category(row.getInteger("id"), row.getString("name")));
    }

    private static ProductLine line(Row row) {
        return new ProductLine(
                row.getInteger("id"),
                row.getString("name"),
                new Money(row.getBigDecimal("price")),
                row.getInteger("category_id"));
    }

    /** The row, kept from other writers until the transaction ends; null if there is none. */
    Uni<ProductEntity> lock(int id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }
}
