package org.vitrina.products;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and locks rows of the catalogue. */
@ApplicationScoped
class ProductRepository implements PanacheRepositoryBase<ProductEntity, Integer> {
    /** The products of a page and one more: that one only tells that there is a next page. Four columns, no entity is made. */
    Uni<List<ProductLine>> lines(ProductQuery query) {
        var hql = new StringBuilder("select id, name, price, categoryId from ProductEntity where id > :after");
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("after", query.after());
        if (query.categoryId() != null) {
            hql.append(" and categoryId = :category");
            parameters.put("category", query.categoryId());
        }
        if (query.ids() != null) {
            hql.append(" and id in :ids");
            parameters.put("ids", query.ids());
        }
        return find(hql.append(" order by id").toString(), parameters)
                .project(ProductLine.class)
                .range(0, query.limit())
                .list();
    }

    /** The row, kept from other writers until the transaction ends; null if there is none. */
    Uni<ProductEntity> lock(int id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }
}
