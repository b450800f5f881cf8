package org.vitrina.bff.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.vitrina.client.CallFailure;

/** Counts the lines of a cart or of favorites without building them. */
public final class LineCounter {
    private static final JsonFactory JSON = new JsonFactory();

    private LineCounter() {}

    /**
     * The number of lines in {@code [{"product_id":1,…}, …]}.
     *
     * @throws CallFailure.Retryable if the body is not such a list
     */
    public static int count(Buffer body) {
        int lines = 0;
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            expect(json.nextToken() == JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.START_OBJECT);
                boolean named = false;
                String field;
                while ((field = json.nextFieldName()) != null) {
                    JsonToken value = json.nextToken();
                    if (field.equals("product_id")) {
                        expect(value == JsonToken.VALUE_NUMBER_INT);
                        named = true;
                    } else {
                        json.skipChildren();
                    }
                }
                expect(named);
                lines++;
            }
            expect(json.nextToken() == null);
        } catch (IOException e) {
            throw new CallFailure.Retryable("no list of lines: broken JSON", e);
        }
        return lines;
    }

    private static void expect(boolean met) {
        if (!met) {
            throw new CallFailure.Retryable("no list of lines with a product_id each", null);
        }
    }
}
