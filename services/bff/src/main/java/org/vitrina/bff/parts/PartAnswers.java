package org.vitrina.bff.parts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.JsonBytes;
import org.vitrina.client.CallFailure;

/**
 * Reads answers of services that are not ours: nothing of them is believed. A value is a text, a number, true, false, or a
 * short list of these, and is kept as the JSON that is sent on; anything else makes the answer a failed one.
 */
final class PartAnswers {
    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_NUMBER = 30;
    private static final int LONGEST_LIST = 10;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(16).build())
            .build();

    private PartAnswers() {}

    /**
     * The values of these products in a list of objects; who is not in it, or is null, is unknown to the service.
     *
     * @param key the field that is the product's id, a whole number or a text of its digits
     * @param value the field that is the value
     * @throws CallFailure.Retryable if it is anything else
     */
    static Map<String, Buffer> ofProducts(Buffer body, String key, String value, Set<String> asked) {
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            Map<String, Buffer> values = HashMap.newHashMap(asked.size());
            expect(json.nextToken() == JsonToken.START_ARRAY, "a list");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.START_OBJECT, "a list of objects");
                product(json, key, value, asked, values);
            }
            expect(json.nextToken() == null, "one list");
            return values;
        } catch (IOException e) {
            throw new CallFailure.Retryable("broken JSON", e);
        }
    }

    private static void product(
            JsonParser json, String key, String value, Set<String> asked, Map<String, Buffer> values)
            throws IOException {
        String id = null;
        Buffer found = null;
        String field;
        while ((field = json.nextFieldName()) != null) {
            JsonToken token = json.nextToken();
            if (field.equals(key)) {
                expect(
                        token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING,
                        "a product's id as " + key);
                id = json.getText();
            } else if (field.equals(value)) {
                found = value(json, token);
            } else {
                json.skipChildren();
            }
        }
        expect(json.currentToken() == JsonToken.END_OBJECT && id != null, "objects with " + key);
        if (found != null && asked.contains(id)) {
            values.put(id, found);
        }
    }

    /** The value in one object; null where there is none. */
    static @Nullable Buffer ofUser(Buffer body, String value) {
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "an object");
            Buffer found = null;
            String field;
            while ((field = json.nextFieldName()) != null) {
                JsonToken token = json.nextToken();
                if (field.equals(value)) {
                    found = value(json, token);
                } else {
                    json.skipChildren();
                }
            }
            expect(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null, "one object");
            return found;
        } catch (IOException e) {
            throw new CallFailure.Retryable("broken JSON", e);
        }
    }

    private static @Nullable Buffer value(JsonParser json, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        var out = new JsonBytes(32);
        if (token == JsonToken.START_ARRAY) {
            out.write('[');
            int count = 0;
            JsonToken each;
            while ((each = json.nextToken()) != JsonToken.END_ARRAY) {
                expect(++count <= LONGEST_LIST, "at most " + LONGEST_LIST + " values in a list");
                scalar(count == 1 ? out : out.write(','), json, each);
            }
            out.write(']');
        } else {
            scalar(out, json, token);
        }
        return Buffer.buffer(out.toBytes());
    }

    private static void scalar(JsonBytes out, JsonParser json, @Nullable JsonToken token) throws IOException {
        switch (token) {
            case VALUE_STRING -> {
                String text = json.getText();
                expect(text.length() <= LONGEST_TEXT, "texts of at most " + LONGEST_TEXT + " characters");
                out.write('"')
                        .write(JsonStringEncoder.getInstance().quoteAsUTF8(withoutHalves(text)))
                        .write('"');
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String number = json.getText();
                expect(number.length() <= LONGEST_NUMBER, "numbers of at most " + LONGEST_NUMBER + " characters");
                out.write(number);
            }
            case VALUE_TRUE -> out.write("true");
            case VALUE_FALSE -> out.write("false");
            case null, default -> expect(false, "texts, numbers, true, false, or a list of these");
        }
    }

    /** JSON can escape half of a surrogate pair, which is no character. */
    private static String withoutHalves(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static void expect(boolean met, String what) {
        if (!met) {
            throw new CallFailure.Retryable("unexpected JSON: expected " + what, null);
        }
    }
}
