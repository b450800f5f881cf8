package org.vitrina.bff.shop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a declared part says, in words.
 *
 * @param slot the place's name
 * @param state {@code known}, {@code none} or {@code unknown}
 */
public record FactLine(String slot, String state, String text) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Its service has nothing to say, which is no trouble. */
    static FactLine none(String slot, String label) {
        return new FactLine(slot, "none", label + ": –");
    }

    /** It could not be had. */
    static FactLine unknown(String slot, String label, Visit visit) {
        return new FactLine(slot, "unknown", label + ": " + visit.words().notKnown());
    }

    /**
     * @param json a text, a number, true, false, or a list of these
     * @param age of an old copy; null for what is as good as new
     */
    static FactLine of(String slot, String label, Buffer json, @Nullable Duration age, Visit visit) {
        List<String> texts = texts(json, visit);
        if (texts.isEmpty()) {
            return none(slot, label);
        }
        String text = label + ": " + String.join(", ", texts);
        return new FactLine(slot, "known", age == null ? text : visit.words().asOf(text, Formats.age(age, visit)));
    }

    private static List<String> texts(Buffer json, Visit visit) {
        List<String> texts = new ArrayList<>(1);
        try (JsonParser parser = JSON.createParser(json.getBytes())) {
            JsonToken token;
            while ((token = parser.nextToken()) != null) {
                switch (token) {
                    case VALUE_TRUE -> texts.add(visit.words().yes());
                    case VALUE_FALSE -> texts.add(visit.words().no());
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        texts.add(visit.isRussian() ? parser.getText().replace('.', ',') : parser.getText());
                    // a control character would be the terminal's, where the page is text
                    case VALUE_STRING ->
                        texts.add(parser.getText().replaceAll("\\p{Cc}", " ").strip());
                    default -> {}
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a value that was read before is no JSON", e);
        }
        texts.removeIf(String::isEmpty);
        return texts;
    }
}
