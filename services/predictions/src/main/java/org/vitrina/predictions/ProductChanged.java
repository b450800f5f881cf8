package org.vitrina.predictions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.messaging.MessageException;

/**
 * What predictions must know of the event {@code product.changed}; further fields are ignored.
 *
 * @param categoryId null if the event has none
 * @param features null if the product has none
 * @param actor who changed the product
 */
record ProductChanged(
        int productId,
        long version,
        @Nullable Integer categoryId,
        @Nullable List<Double> features,
        boolean deleted,
        String actor) {
    /** Of an event of a release that did not say it. */
    private static final String NOBODY_NAMED = "products";

    private static final int LONGEST_NAME = 255;

    /** @throws MessageException if the text is no such event */
    static ProductChanged parse(ObjectMapper json, String text) {
        JsonNode body = MessageJson.object(json, text);
        JsonNode id = body.path("product_id");
        if (!id.isInt() || id.intValue() < 1) {
            throw new MessageException("product_id is missing or no id");
        }
        JsonNode version = body.path("version");
        if (!version.isIntegralNumber() || !version.canConvertToLong() || version.longValue() < 1) {
            throw new MessageException("version is missing or no positive integer");
        }
        JsonNode category = body.path("category_id");
        if (!category.isMissingNode() && !category.isNull() && !category.isInt()) {
            throw new MessageException("category_id is no id");
        }
        JsonNode features = body.path("features");
        return new ProductChanged(
                id.intValue(),
                version.longValue(),
                category.isInt() ? category.intValue() : null,
                features.isMissingNode() || features.isNull() ? null : numbers(features),
                body.path("deleted").asBoolean(false),
                actor(body.path("actor")));
    }

    private static String actor(JsonNode name) {
        if (!name.isTextual() || name.textValue().isBlank()) {
            return NOBODY_NAMED;
        }
        if (name.textValue().length() > LONGEST_NAME) {
            throw new MessageException("actor has more than " + LONGEST_NAME + " characters");
        }
        return name.textValue();
    }

    private static List<Double> numbers(JsonNode features) {
        if (!features.isArray() || features.size() != Features.COUNT) {
            throw new MessageException("features are not " + Features.COUNT + " numbers");
        }
        List<Double> numbers = new ArrayList<>(Features.COUNT);
        features.forEach(feature -> numbers.add(MessageJson.input(feature, "a feature")));
        return numbers;
    }
}
