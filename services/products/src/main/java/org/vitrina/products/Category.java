package org.vitrina.products;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A category of the catalogue. */
@Schema(requiredProperties = {"category_id", "name"})
record Category(
        @Schema(minimum = "1", examples = "1") int categoryId, @Schema(examples = "Кухня и посуда") String name) {}
