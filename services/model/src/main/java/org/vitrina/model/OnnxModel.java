package org.vitrina.model;

import static org.vitrina.model.ArtefactException.refuseUnless;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vitrina.diabetes.Diabetes;

/**
 * A version that another toolkit made, as ONNX, run by ONNX Runtime on the thread that asks. Its known answers are in the file,
 * as metadata, so that what is served is what was meant; its quality is measured on the diabetes data.
 *
 * <p>What the runtime holds of memory is held until the process ends: versions are few, and one that was rolled back may come
 * again.
 */
final class OnnxModel implements PredictiveModel {
    /** The metadata's key of a JSON array of {@code {"features":[…],"value":…}}. */
    static final String ANSWERS = "vitrina.answers";
    /** Of 32-bit numbers, which most of these models compute with. */
    private static final double TOLERANCE = 1e-4;

    private static final int MOST_ANSWERS = 1_000;
    private static final String RUNTIMES_SOURCE = "/onnxruntime_src/";
    private static final int LONGEST_REASON = 300;
    /** For all answers and all rows: thousands of messages a second must not wait for one prediction. */
    private static final long CHECK_MILLIS = 2_000;

    private final String version;
    private final List<Artefact.Feature> features;
    private final OrtSession session;
    private final String input;
    private final boolean wide;
    private final List<String> operators;
    private final Artefact.Quality quality;

    private OnnxModel(
            String version,
            List<Artefact.Feature> features,
            OrtSession session,
            OnnxFile file,
            List<Artefact.Answer> answers)
            throws OrtException {
        this.version = version;
        this.features = features;
        this.session = session;
        this.operators = file.operators();
        Map<String, NodeInfo> inputs = session.getInputInfo();
        refuseUnless(inputs.size() == 1, "it takes " + inputs.size() + " inputs, not one");
        NodeInfo only = inputs.values().iterator().next();
        this.input = only.getName();
        this.wide = isWide(only);
        NodeInfo first = session.getOutputInfo().values().iterator().next();
        refuseUnless(
                first.getInfo() instanceof TensorInfo tensor && isReal(tensor.type),
                "its first output is no tensor of real numbers");
        this.quality = withinTime(answers);
    }

    /** A known answer, as the metadata has it. */
    @RegisterForReflection // in a file, read by hand
    record Known(@Nullable List<@Nullable Double> features, @Nullable Double value) {
        Artefact.@Nullable Answer answer(int count) {
            return features == null || value == null || features.size() != count || features.contains(null)
                    ? null
                    : new Artefact.Answer(
                            features.stream().map(Objects::requireNonNull).toList(), value);
        }
    }

    /**
     * Checks all there is to check, and runs it once.
     *
     * @param features what it must take, with their bins
     * @throws ArtefactException if it cannot be used
     */
    static OnnxModel load(String version, byte[] file, List<Artefact.Feature> features, ObjectMapper json) {
        refuseUnless(
                System.getProperty("org.graalvm.nativeimage.imagecode") == null,
                "ONNX models are run by the JVM image of this service only");
        OnnxFile read = OnnxFile.read(file);
        List<Artefact.Answer> answers = answers(read.metadata().get(ANSWERS), features.size(), json);
        @Nullable OrtSession session = null;
        try (var options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            session = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "vitrina")
                    .createSession(file, options);
            return new OnnxModel(version, features, session, read, answers);
        } catch (OrtException e) {
            close(session);
            throw new ArtefactException("the runtime refuses it: " + reason(e), e);
        } catch (ArtefactException e) {
            close(session);
            throw e;
        } catch (LinkageError e) { // the library is not there for this machine, or there is no place for it
            throw new ArtefactException("ONNX Runtime cannot be loaded here: " + e.getMessage(), e);
        }
    }

    private static void close(@Nullable OrtSession session) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("a session cannot be closed", e);
        }
    }

    /** What the runtime says, without the place in its sources. */
    private static String reason(OrtException e) {
        String text = String.valueOf(e.getMessage());
        int source = text.indexOf(RUNTIMES_SOURCE);
        int end = text.lastIndexOf(") ");
        String shown = source < 0 ? text : text.substring(0, source) + (end < source ? "" : text.substring(end + 2));
        return shown.substring(0, Math.min(shown.length(), LONGEST_REASON)).strip();
    }

    private static List<Artefact.Answer> answers(@Nullable String text, int count, ObjectMapper json) {
        if (text == null) {
            throw new ArtefactException("it has no known answers: write them into its metadata as '" + ANSWERS
                    + "', such as [{\"features\":[ten numbers],\"value\":150.6}]");
        }
        try {
            @Nullable Known[] known = json.readValue(text, Known[].class);
            refuseUnless(
                    known.length > 0 && known.length <= MOST_ANSWERS,
                    ANSWERS + " must have 1 to " + MOST_ANSWERS + " answers");
            List<Artefact.Answer> answers = new ArrayList<>();
            for (Known one : known) {
                Artefact.Answer answer = one == null ? null : one.answer(count);
                if (answer == null) {
                    throw new ArtefactException("each of " + ANSWERS + " must have " + count + " features and a value");
                }
                answers.add(answer);
            }
            return answers;
        } catch (JsonProcessingException e) {
            throw new ArtefactException(ANSWERS + " is not readable: " + e.getOriginalMessage(), e);
        }
    }

    private boolean isWide(NodeInfo info) {
        refuseUnless(
                info.getInfo() instanceof TensorInfo tensor
                        && isReal(tensor.type)
                        && tensor.getShape().length == 2
                        && (tensor.getShape()[0] == -1 || tensor.getShape()[0] == 1)
                        && (tensor.getShape()[1] == -1 || tensor.getShape()[1] == features.size()),
                "its input must be a tensor of real numbers, [rows, " + features.size() + "]");
        return ((TensorInfo) info.getInfo()).type == OnnxJavaType.DOUBLE;
    }

    private static boolean isReal(OnnxJavaType type) {
        return type == OnnxJavaType.FLOAT || type == OnnxJavaType.DOUBLE;
    }

    private Artefact.Quality withinTime(List<Artefact.Answer> answers) throws OrtException {
        var late = new AtomicBoolean();
        try (var run = new OrtSession.RunOptions()) {
            CompletableFuture<Void> guard = CompletableFuture.runAsync(
                    () -> {
                        late.set(true);
                        terminate(run);
                    },
                    CompletableFuture.delayedExecutor(CHECK_MILLIS, TimeUnit.MILLISECONDS));
            try {
                for (Artefact.Answer answer : answers) {
                    double value = run(answer.features(), run);
                    // not finite: fails too
                    refuseUnless(
                            Math.abs(value - answer.value()) <= TOLERANCE * Math.max(1, Math.abs(answer.value())),
                            "it predicts " + value + " where its answer is known to be " + answer.value());
                }
                List<TrainingRow> rows = Diabetes.rows().stream()
                        .map(row -> new TrainingRow(row.features(), row.target()))
                        .toList();
                return Training.quality("diabetes", values -> checked(values, run), rows);
            } catch (OrtException | ArtefactException e) {
                refuseUnless(!late.get(), "it takes more than " + CHECK_MILLIS + " ms for what it was checked with");
                throw e;
            } finally {
                // a guard that has begun ends before the options are closed
                if (!guard.cancel(false)) {
                    guard.join();
                }
            }
        }
    }

    private static void terminate(OrtSession.RunOptions run) {
        try {
            run.setTerminate(true);
        } catch (OrtException e) {
            throw new IllegalStateException("a run cannot be ended", e);
        }
    }

    private double checked(List<Double> values, OrtSession.@Nullable RunOptions run) {
        try {
            return run(values, run);
        } catch (OrtException e) {
            throw new ArtefactException("the runtime cannot run it: " + reason(e), e);
        }
    }

    private double run(List<Double> values, OrtSession.@Nullable RunOptions run) throws OrtException {
        try (OnnxTensor tensor = tensor(values);
                OrtSession.Result result =
                        run == null ? session.run(Map.of(input, tensor)) : session.run(Map.of(input, tensor), run)) {
            if (result.get(0) instanceof OnnxTensor predicted
                    && predicted.getInfo().getNumElements() == 1
                    && isReal(predicted.getInfo().type)) {
                return predicted.getInfo().type == OnnxJavaType.DOUBLE
                        ? predicted.getDoubleBuffer().get(0)
                        : predicted.getFloatBuffer().get(0);
            }
            throw new ArtefactException("its first output is not one real number for one row");
        }
    }

    private OnnxTensor tensor(List<Double> values) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (wide) {
            double[][] row = {values.stream().mapToDouble(Double::doubleValue).toArray()};
            return OnnxTensor.createTensor(environment, row);
        }
        float[] row = new float[values.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = values.get(i).floatValue();
        }
        return OnnxTensor.createTensor(environment, new float[][] {row});
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public List<Artefact.Feature> features() {
        return features;
    }

    @Override
    public String sha256() {
        return "";
    }

    @Override
    public Artefact.Quality quality() {
        return quality;
    }

    /** What it computes with. */
    List<String> operators() {
        return operators;
    }

    @Override
    public double predict(List<Double> values) {
        return checked(values, null);
    }
}
