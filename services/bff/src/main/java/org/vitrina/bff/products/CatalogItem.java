package org.vitrina.bff.products;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A product as people see it.
 *
 * @param price a decimal with two digits; null where products tells none
 * @param category 0: none
 */
public record CatalogItem(int id, String name, @Nullable String price, int category) {
    private static final JsonFactory JSON = new JsonFactory();

    /** From the JSON object that products answers for one product. */
    public static CatalogItem of(int id, Buffer product) {
        return read(product.getBytes(), id, 0);
    }

    /** From a part of {@code bytes} that is such an object without its closing brace. */
    static CatalogItem cut(byte[] bytes, int from, int length, int id, int category) {
        byte[] json = Arrays.copyOfRange(bytes, from, from + length + 1);
        json[length] = '}';
        return read(json, id, category);
    }

    private static CatalogItem read(byte[] object, int id, int categoryBeside) {
        String name = "";
        String price = null;
        int category = categoryBeside;
        try (JsonParser json = JSON.createParser(object)) {
            json.nextToken();
            String field;
            while ((field = json.nextFieldName()) != null) {
                JsonToken value = json.nextToken();
                switch (field) {
                    case "product_name" -> name = json.getText();
                    case "price" -> price = value == JsonToken.VALUE_NULL ? null : json.getText();
                    case "category_id" -> category = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : 0;
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a product that was read before is no JSON", e);
        }
        return new CatalogItem(id, name, price, category);
    }
}
