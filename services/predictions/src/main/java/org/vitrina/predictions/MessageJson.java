package org.vitrina.predictions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.vitrina.core.Magnitude;
import org.vitrina.messaging.MessageException;

/** Reading of bodies that are JSON and may be anything. */
final class MessageJson {
    private MessageJson() {}

    static JsonNode object(ObjectMapper json, String text) {
        JsonNode tree = tree(json, text);
        if (!tree.isObject()) {
            throw new MessageException("not a JSON object");
        }
        return tree;
    }

    static JsonNode tree(ObjectMapper json, String text) {
        try {
            JsonNode tree = json.readTree(text);
            if (tree == null || tree.isMissingNode()) {
                throw new MessageException("the body is empty");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new MessageException("not readable: " + e.getOriginalMessage());
        }
    }

    /** A feature. */
    static double input(JsonNode number, String what) {
        if (!number.isNumber() || !Magnitude.isInput(number.doubleValue())) {
            throw new MessageException(what + " is no number between -" + Magnitude.INPUT + " and " + Magnitude.INPUT);
        }
        return number.doubleValue();
    }

    /** A prediction. */
    static double label(JsonNode number, String what) {
        if (!number.isNumber() || !Magnitude.isLabel(number.doubleValue())) {
            throw new MessageException(what + " is no number between -" + Magnitude.LABEL + " and " + Magnitude.LABEL);
        }
        return number.doubleValue();
    }
}
