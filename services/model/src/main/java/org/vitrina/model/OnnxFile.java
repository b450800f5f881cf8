package org.vitrina.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.vitrina.model.ArtefactException.refuseUnless;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an ONNX file says of itself, read before the runtime sees it: a graph of operators that compute numbers from numbers
 * and come to an end. Loops, other graphs within, functions, operators of other domains and data outside the file are refused.
 *
 * <p>The form is that of Protocol Buffers; numbers of fields are those of onnx.proto.
 */
final class OnnxFile {
    static final int LARGEST = 16 * 1024 * 1024;
    private static final int MOST_NODES = 2_000;
    /** What else is written beside the graph may be large, and is nobody's here. */
    private static final String OURS = "vitrina.";

    private static final Set<String> MACHINE_LEARNING = Set.of(
            "ArrayFeatureExtractor",
            "Binarizer",
            "FeatureVectorizer",
            "Imputer",
            "LinearRegressor",
            "Normalizer",
            "SVMRegressor",
            "Scaler",
            "TreeEnsemble",
            "TreeEnsembleRegressor");

    private static final Set<String> ARITHMETIC = Set.of(
            "Abs",
            "Add",
            "Cast",
            "Clip",
            "Concat",
            "Constant",
            "Div",
            "Elu",
            "Exp",
            "Flatten",
            "Gather",
            "Gemm",
            "Identity",
            "LeakyRelu",
            "Log",
            "MatMul",
            "Max",
            "Mean",
            "Min",
            "Mul",
            "Neg",
            "Pow",
            "ReduceMean",
            "ReduceSum",
            "Relu",
            "Reshape",
            "Selu",
            "Sigmoid",
            "Slice",
            "Softmax",
            "Softplus",
            "Sqrt",
            "Squeeze",
            "Sub",
            "Sum",
            "Tanh",
            "Transpose",
            "Unsqueeze",
            "Where");

    private final Set<String> operators = new TreeSet<>();
    private final Map<String, String> metadata = new TreeMap<>();
    private int nodes;
    private boolean graph;

    private OnnxFile() {}

    /** @throws ArtefactException if it is no such file */
    static OnnxFile read(byte[] file) {
        refuseUnless(file.length <= LARGEST, "the file is larger than " + LARGEST + " bytes");
        var read = new OnnxFile();
        try {
            read.model(new Message(file, 0, file.length));
        } catch (IndexOutOfBoundsException e) {
            throw new ArtefactException("the file is no ONNX model: it ends too early", e);
        }
        refuseUnless(read.graph && read.nodes > 0, "the file is no ONNX model: it has no graph");
        return read;
    }

    /** What is computed with, such as {@code TreeEnsembleRegressor}. */
    List<String> operators() {
        return List.copyOf(operators);
    }

    /** What its maker wrote beside the graph for us. */
    Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    private void model(Message model) {
        while (model.next()) {
            switch (model.field()) {
                case 7 -> {
                    graph = true;
                    graph(model.message());
                }
                case 14 -> metadata(model.message());
                case 20 -> throw new ArtefactException("it is a model in training (training_info)");
                case 25 -> throw new ArtefactException("it has functions of its own, which are not run here");
                default -> model.skip();
            }
        }
    }

    private void metadata(Message entry) {
        String key = "";
        while (entry.next()) {
            if (entry.field() == 1) {
                key = entry.text();
            } else if (entry.field() == 2 && key.startsWith(OURS)) {
                metadata.put(key, entry.text());
            } else {
                entry.skip();
            }
        }
    }

    private void graph(Message graph) {
        while (graph.next()) {
            switch (graph.field()) {
                case 1 -> node(graph.message());
                case 5 -> tensor(graph.message());
                case 15 -> throw new ArtefactException("it has sparse numbers, which are not read here");
                default -> graph.skip();
            }
        }
    }

    private void node(Message node) {
        refuseUnless(++nodes <= MOST_NODES, "it has more than " + MOST_NODES + " operators");
        String operator = "";
        String domain = "";
        while (node.next()) {
            switch (node.field()) {
                case 4 -> operator = node.text();
                case 5 -> attribute(node.message());
                case 7 -> domain = node.text();
                default -> node.skip();
            }
        }
        boolean known = domain.equals("ai.onnx.ml")
                ? MACHINE_LEARNING.contains(operator)
                : (domain.isEmpty() || domain.equals("ai.onnx")) && ARITHMETIC.contains(operator);
        refuseUnless(
                known,
                "its operator " + (domain.isEmpty() ? "" : domain + ".") + operator
                        + " is none of those that are run here");
        operators.add(operator);
    }

    private void attribute(Message attribute) {
        while (attribute.next()) {
            switch (attribute.field()) {
                case 5, 10 -> tensor(attribute.message());
                case 6, 11 -> throw new ArtefactException("it has a graph within an operator, which is not run here");
                default -> attribute.skip();
            }
        }
    }

    private static void tensor(Message tensor) {
        while (tensor.next()) {
            if (tensor.field() == 13 || (tensor.field() == 14 && tensor.number() != 0)) {
                throw new ArtefactException("it has numbers outside the file");
            }
            if (tensor.field() != 14) {
                tensor.skip();
            }
        }
    }

    /** Fields one after the other. Reading beyond the array is an {@link IndexOutOfBoundsException}. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int EIGHT_BYTES = 1;
        private static final int LENGTH = 2;
        private static final int FOUR_BYTES = 5;

        private final byte[] bytes;
        private final int end;
        private int at;
        private int field;
        private int type;

        Message(byte[] bytes, int from, int end) {
            if (from < 0 || end < from || end > bytes.length) {
                throw new IndexOutOfBoundsException();
            }
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        boolean next() {
            if (at >= end) {
                return false;
            }
            long tag = varint();
            field = (int) (tag >>> 3);
            type = (int) (tag & 7);
            return true;
        }

        int field() {
            return field;
        }

        long number() {
            refuseUnless(type == VARINT, "the file is no ONNX model");
            return varint();
        }

        Message message() {
            int length = length();
            at += length;
            return new Message(bytes, at - length, at);
        }

        String text() {
            int length = length();
            at += length;
            return new String(bytes, at - length, length, UTF_8);
        }

        void skip() {
            switch (type) {
                case VARINT -> varint();
                case EIGHT_BYTES -> at += 8;
                case FOUR_BYTES -> at += 4;
                default -> message();
            }
        }

        private int length() {
            refuseUnless(type == LENGTH, "the file is no ONNX model");
            long length = varint();
            if (length < 0 || length > end - at) {
                throw new IndexOutOfBoundsException();
            }
            return (int) length;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new ArtefactException("the file is no ONNX model");
        }
    }
}
