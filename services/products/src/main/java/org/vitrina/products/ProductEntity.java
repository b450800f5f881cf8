package org.vitrina.products;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Arrays;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;

/** A row of the catalogue. Never leaves the service: callers see {@link Product} and {@link ProductLine}. */
@Entity
@Table(name = "product")
class ProductEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Integer id;

    private String name;

    @Convert(converter = MoneyColumn.class)
    private Money price;

    @Column(name = "category_id")
    private int categoryId;

    @JdbcTypeCode(SqlTypes.ARRAY)
    private double @Nullable [] features;

    @Version
    private long version;

    /** For Hibernate only. Writes nothing: a field that is written here counts as changed in each row that is read. */
    @SuppressWarnings("NullAway.Init")
    protected ProductEntity() {}

    ProductEntity(String name, Money price, int categoryId, @Nullable List<Double> features) {
        this.name = name;
        this.price = price;
        this.categoryId = categoryId;
        this.features = array(features);
        this.version = 1;
    }

    /** Puts these in the place of what was there; the version is raised. */
    void change(String name, Money price, int categoryId, @Nullable List<Double> features) {
        this.name = name;
        this.price = price;
        this.categoryId = categoryId;
        this.features = array(features);
    }

    /** Null before it is stored. */
    @Nullable
    Integer id() {
        return id;
    }

    String name() {
        return name;
    }

    Money price() {
        return price;
    }

    int categoryId() {
        return categoryId;
    }

    @Nullable
    List<Double> features() {
        return features == null ? null : Arrays.stream(features).boxed().toList();
    }

    /** Raised by each change; the product's entity tag. */
    long version() {
        return version;
    }

    private static double @Nullable [] array(@Nullable List<Double> features) {
        return features == null
                ? null
                : features.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
