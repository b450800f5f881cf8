package org.vitrina.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** ONNX files made field by field, good and bad ones, so that no test needs another toolkit. */
final class OnnxBytes {
    private static final int FLOAT = 1;
    private static final int FLOATS = 6;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A sum of the features, each times a factor, and a constant. */
    static OnnxBytes linear(float factor, float constant) {
        OnnxBytes coefficients = floats("coefficients", 10, factor);
        OnnxBytes intercepts = floats("intercepts", 1, constant);
        return model(
                node("LinearRegressor", "ai.onnx.ml").field(5, coefficients).field(5, intercepts), 10);
    }

    /** One operator from X, of so many features, to Y. */
    static OnnxBytes model(OnnxBytes node, int features) {
        OnnxBytes graph = new OnnxBytes()
                .field(1, node)
                .field(2, "graph")
                .field(11, value("X", features))
                .field(12, value("Y", 1));
        return new OnnxBytes()
                .number(1, 8)
                .field(8, new OnnxBytes().field(1, "").number(2, 15))
                .field(8, new OnnxBytes().field(1, "ai.onnx.ml").number(2, 3))
                .field(7, graph);
    }

    static OnnxBytes node(String operator, String domain) {
        return new OnnxBytes().field(1, "X").field(2, "Y").field(4, operator).field(7, domain);
    }

    /** Something beside the graph, such as the known answers. */
    OnnxBytes with(String key, String text) {
        return field(14, new OnnxBytes().field(1, key).field(2, text));
    }

    /** One known answer: zeros. */
    OnnxBytes answering(double value) {
        return with(OnnxModel.ANSWERS, "[{\"features\":[0,0,0,0,0,0,0,0,0,0],\"value\":" + value + "}]");
    }

    private static OnnxBytes floats(String name, int count, float value) {
        OnnxBytes attribute = new OnnxBytes().field(1, name).number(20, FLOATS);
        for (int i = 0; i < count; i++) {
            attribute.varint((7 << 3) | 5);
            attribute.out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
        }
        return attribute;
    }

    private static OnnxBytes value(String name, int width) {
        OnnxBytes shape =
                new OnnxBytes().field(1, new OnnxBytes().field(2, "rows")).field(1, new OnnxBytes().number(1, width));
        OnnxBytes tensor = new OnnxBytes().number(1, FLOAT).field(2, shape);
        return new OnnxBytes().field(1, name).field(2, new OnnxBytes().field(1, tensor));
    }

    OnnxBytes field(int number, OnnxBytes message) {
        return field(number, message.bytes());
    }

    OnnxBytes field(int number, String text) {
        return field(number, text.getBytes(UTF_8));
    }

    OnnxBytes number(int number, long value) {
        varint((long) number << 3);
        varint(value);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private OnnxBytes field(int number, byte[] bytes) {
        varint((number << 3) | 2);
        varint(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
