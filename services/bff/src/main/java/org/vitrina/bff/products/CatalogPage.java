package org.vitrina.bff.products;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.JsonBytes;
import org.vitrina.client.CallFailure;

/**
 * One page of the catalogue, kept as the bytes that the shop page sends, so that a cached one is written without parsing.
 *
 * <p>Form: count and the id after which the next page starts (0: last page) as 4-byte integers, then id, length and category
 * (0: none) of each product as 4-byte integers, then each product's JSON object without its closing brace.
 */
public final class CatalogPage {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] ID = bytes("{\"product_id\":");
    private static final byte[] NAME = bytes(",\"product_name\":\"");
    private static final byte[] PRICE = bytes("\",\"price\":\"");
    private static final int HEAD = 8;
    private static final int INTS = 3;
    private static final int INDEX = 4 * INTS;

    private final byte[] bytes;

    private CatalogPage(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes up what {@link #encoded} gave. */
    public static CatalogPage decoded(byte[] bytes) {
        return new CatalogPage(bytes);
    }

    public byte[] encoded() {
        return bytes;
    }

    /** Pages are equal whose bytes are: a copy is read anew for each request, and what is made of it may be kept. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CatalogPage page && Arrays.equals(bytes, page.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /**
     * Reads an answer of {@code GET /products}.
     *
     * @param next the id after which the next page starts, 0 for none
     * @throws CallFailure.Retryable if it is not a list of products
     */
    public static CatalogPage parse(Buffer body, int next) {
        byte[] in = body.getBytes();
        var products = new JsonBytes(in.length + 64);
        int[] heads = new int[32 * INTS];
        int count = 0;
        try (JsonParser json = JSON.createParser(in)) {
            expect(json.nextToken() == JsonToken.START_ARRAY, "a list");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.START_OBJECT, "a list of objects");
                if (heads.length < INTS * (count + 1)) {
                    heads = Arrays.copyOf(heads, heads.length * 2);
                }
                int start = products.length();
                heads[INTS * count] = product(json, products, heads, INTS * count + 2);
                heads[INTS * count + 1] = products.length() - start;
                count++;
            }
            expect(json.nextToken() == null, "one list");
        } catch (IOException e) {
            throw new CallFailure.Retryable("no list of products: broken JSON", e);
        }
        byte[] page = new byte[HEAD + INDEX * count + products.length()];
        INT.set(page, 0, count);
        INT.set(page, 4, next);
        for (int i = 0; i < INTS * count; i++) {
            INT.set(page, HEAD + 4 * i, heads[i]);
        }
        products.copyTo(page, HEAD + INDEX * count);
        return new CatalogPage(page);
    }

    private static int product(JsonParser json, JsonBytes out, int[] heads, int category) throws IOException {
        int id = 0;
        heads[category] = 0;
        String name = null;
        String price = null;
        String field;
        while ((field = json.nextFieldName()) != null) {
            JsonToken value = json.nextToken();
            switch (field) {
                case "product_id" -> {
                    expect(value == JsonToken.VALUE_NUMBER_INT, "whole numbers as product_id");
                    id = json.getIntValue();
                }
                case "product_name" -> {
                    expect(value == JsonToken.VALUE_STRING, "strings as product_name");
                    name = json.getText();
                }
                case "price" -> {
                    expect(value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL, "strings as price");
                    price = value == JsonToken.VALUE_STRING ? json.getText() : null;
                }
                case "category_id" -> {
                    if (value == JsonToken.VALUE_NUMBER_INT) {
                        heads[category] = json.getIntValue();
                    } else {
                        json.skipChildren();
                    }
                }
                default -> json.skipChildren();
            }
        }
        expect(json.currentToken() == JsonToken.END_OBJECT && id > 0 && name != null, "products with id and name");
        out.write(ID)
                .write(id)
                .write(NAME)
                .write(JsonStringEncoder.getInstance().quoteAsUTF8(name));
        if (price != null) {
            out.write(PRICE).write(JsonStringEncoder.getInstance().quoteAsUTF8(price));
        }
        out.write('"');
        return id;
    }

    private static void expect(boolean met, String what) {
        if (!met) {
            throw new CallFailure.Retryable("no list of products: expected " + what, null);
        }
    }

    public int count() {
        return (int) INT.get(bytes, 0);
    }

    /** The id after which the next page starts; 0: this is the last. */
    public int next() {
        return (int) INT.get(bytes, 4);
    }

    public int id(int index) {
        return (int) INT.get(bytes, HEAD + INDEX * index);
    }

    /** The products as they are shown to people, in the page's order. */
    public List<CatalogItem> items() {
        int count = count();
        List<CatalogItem> items = new ArrayList<>(count);
        int at = HEAD + INDEX * count;
        for (int i = 0; i < count; i++) {
            int length = (int) INT.get(bytes, HEAD + INDEX * i + 4);
            items.add(CatalogItem.cut(bytes, at, length, id(i), (int) INT.get(bytes, HEAD + INDEX * i + 8)));
            at += length;
        }
        return items;
    }

    /** Writes all products, each with what {@code more} writes for its index before the closing brace. */
    public void write(JsonBytes out, More more) {
        int count = count();
        int at = HEAD + INDEX * count;
        for (int i = 0; i < count; i++) {
            int length = (int) INT.get(bytes, HEAD + INDEX * i + 4);
            if (i > 0) {
                out.write(',');
            }
            out.write(bytes, at, length);
            more.write(out, i);
            out.write('}');
            at += length;
        }
    }

    /** Writes members of a product's JSON object, each with a leading comma. */
    @FunctionalInterface
    public interface More {
        void write(JsonBytes out, int index);
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
