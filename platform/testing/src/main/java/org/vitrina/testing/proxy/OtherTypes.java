package org.vitrina.testing.proxy;

import java.nio.charset.StandardCharsets;

/**
 * Rewrites JSON into well-formed JSON whose values have other types, none of which a lenient reader would convert back:
 * strings become arrays, numbers objects, booleans and nulls strings.
 */
final class OtherTypes {
    private final String json;
    private final boolean keepShape;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private OtherTypes(String json, boolean keepShape) {
        this.json = json;
        this.keepShape = keepShape;
    }

    /** The rewritten body; arrays and objects are swapped too unless the shape is kept. */
    static byte[] of(byte[] body, boolean keepShape) {
        OtherTypes rewriting = new OtherTypes(new String(body, StandardCharsets.UTF_8), keepShape);
        rewriting.value();
        return rewriting.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value() {
        blanks();
        switch (at < json.length() ? json.charAt(at) : ' ') {
            case '[' -> members(']', keepShape && !emptyAhead());
            case '{' -> members('}', !keepShape || emptyAhead());
            case '"' -> {
                string();
                out.append("[\"another type\"]");
            }
            case 't', 'f', 'n' -> {
                word();
                out.append("\"another type\"");
            }
            default -> {
                word();
                out.append("{\"another\":\"type\"}");
            }
        }
    }

    /** The members of an array or object, written as an array or an object. */
    private void members(char end, boolean asArray) {
        at++;
        out.append(asArray ? '[' : '{');
        int index = 0;
        blanks();
        while (at < json.length() && json.charAt(at) != end) {
            if (index > 0) {
                out.append(',');
            }
            String name = "\"" + index + "\"";
            if (end == '}') {
                name = string();
                blanks();
                at++; // the colon
            }
            if (!asArray) {
                out.append(name).append(':');
            }
            value();
            index++;
            blanks();
            if (at < json.length() && json.charAt(at) == ',') {
                at++;
                blanks();
            }
        }
        at++;
        out.append(asArray ? ']' : '}');
    }

    private boolean emptyAhead() {
        int next = at + 1;
        while (next < json.length() && Character.isWhitespace(json.charAt(next))) {
            next++;
        }
        return next >= json.length() || json.charAt(next) == ']' || json.charAt(next) == '}';
    }

    private String string() {
        int start = at++;
        while (at < json.length() && json.charAt(at) != '"') {
            at += json.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
        return json.substring(start, Math.min(at, json.length()));
    }

    private void word() {
        while (at < json.length() && ",]}".indexOf(json.charAt(at)) < 0) {
            at++;
        }
    }

    private void blanks() {
        while (at < json.length() && Character.isWhitespace(json.charAt(at))) {
            at++;
        }
    }
}
