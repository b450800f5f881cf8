package org.vitrina.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Magnitude;

/**
 * A truth or a prediction.
 *
 * @param id what it belongs to; null for a bare number, which is never paired
 * @param modelVersion of a prediction, if it says so
 * @param features of a prediction as JSON, if it has them
 */
record Label(@Nullable String id, double value, @Nullable String modelVersion, @Nullable String features) {
    private static final int LONGEST = 255;

    /** Says what is wrong with a message. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String what) {
            super(what, null, false, false);
        }
    }

    /** @throws Unreadable if it is neither a number nor {@code {"id","value"}} */
    static Label parse(ObjectMapper json, byte[] body) {
        try {
            JsonNode tree = json.readTree(body);
            if (tree == null || !(tree.isNumber() || tree.isObject())) {
                throw new Unreadable("neither a number nor a JSON object");
            }
            if (tree.isNumber()) {
                return new Label(null, value(tree), null, null);
            }
            // before anything else: a newer version may have changed every other field
            JsonNode version = tree.path("version");
            if (!version.isMissingNode() && !(version.isIntegralNumber() && version.longValue() == 1)) {
                throw new Unreadable("version " + version + " is not understood, only 1");
            }
            JsonNode features = tree.path("features");
            return new Label(
                    id(tree.path("id")),
                    value(tree.path("value")),
                    text("model_version", tree.path("model_version")),
                    features.isArray() ? features.toString() : null);
        } catch (JsonProcessingException e) {
            throw new Unreadable("not readable: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double value(JsonNode value) {
        if (!value.isNumber() || !Magnitude.isLabel(value.doubleValue())) {
            throw new Unreadable("value must be a number between -" + Magnitude.LABEL + " and " + Magnitude.LABEL);
        }
        return value.doubleValue();
    }

    private static @Nullable String id(JsonNode id) {
        return id.isIntegralNumber() ? id.asText() : text("id", id);
    }

    private static @Nullable String text(String name, JsonNode text) {
        if (text.isMissingNode() || text.isNull()) {
            return null;
        }
        if (!text.isTextual()
                || text.asText().isEmpty()
                || text.asText().length() > LONGEST
                || text.asText().indexOf('\0') >= 0
                // half a character would be stored as another one
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text.asText())) {
            throw new Unreadable(name + " must be a text of 1 to " + LONGEST + " characters");
        }
        return text.asText();
    }
}
