package org.vitrina.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads PMML 4.4 of the kind that {@link PmmlWriter} writes: one linear regression over standardised continuous features.
 * Whatever else PMML can say is refused, as to leave it out would be to predict something else.
 */
final class PmmlReader {
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,63}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private PmmlReader() {}

    /** @throws ArtefactException if it is damaged, or more than is understood, or does not give its known answers */
    static Artefact read(String document) {
        XmlNode root = XmlNode.parse(document, PmmlWriter.NAMESPACE);
        if (!root.name().equals("PMML")) {
            throw new ArtefactException("this is no PMML but " + root.name());
        }
        root.expect("version", "4.4");
        XmlNode header = root.one("Header");
        String version = header.attribute("modelVersion");
        if (!VERSION.matcher(version).matches()) {
            throw new ArtefactException("modelVersion must be 1 to 64 letters, digits, dots, dashes");
        }
        String hash = header.one("Extension").expect("name", PmmlWriter.HASH).attribute("value");
        if (!HASH.matcher(hash).matches()) {
            throw new ArtefactException("the hash of the training data is none");
        }
        header.one("Application").attribute("name");

        List<String> fields = fields(root.one("DataDictionary"));
        String target = fields.getLast();
        List<String> names = fields.subList(0, fields.size() - 1);

        List<Double> means = new ArrayList<>();
        List<Double> scales = new ArrayList<>();
        transformations(root.one("TransformationDictionary"), names, means, scales);

        XmlNode model = root.one("RegressionModel").expect("functionName", "regression");
        model.attribute("algorithmName");
        schema(model.one("MiningSchema"), names, target);
        List<XmlNode> statistics = model.one("ModelStats").all("UnivariateStats");
        Artefact.Quality quality = quality(model.one("ModelExplanation").one("PredictiveModelQuality"), target);
        XmlNode table = model.one("RegressionTable");
        double intercept = table.number("intercept");
        List<XmlNode> predictors = table.all("NumericPredictor");
        if (predictors.size() != names.size() || statistics.size() != names.size()) {
            throw new ArtefactException("not every feature has its coefficient and its statistics");
        }
        List<Artefact.Feature> features = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            XmlNode predictor = predictors.get(i).expect("name", names.get(i) + PmmlWriter.STANDARDISED);
            XmlNode bins = statistics.get(i).expect("field", names.get(i)).one("ContStats");
            List<Double> edges = edges(bins.all("Interval"));
            features.add(new Artefact.Feature(
                    names.get(i),
                    means.get(i),
                    scales.get(i),
                    predictor.number("coefficient"),
                    edges,
                    counts(bins.one("Array"), edges.size() + 1)));
        }
        List<Artefact.Answer> answers = answers(model.one("ModelVerification"), names, target);
        root.nothingLeft();
        return new Artefact(version, target, features, intercept, hash, quality, answers).checked();
    }

    private static List<String> fields(XmlNode dictionary) {
        List<XmlNode> fields = dictionary.all("DataField");
        if (fields.size() < 2 || dictionary.count("numberOfFields") != fields.size()) {
            throw new ArtefactException("the number of fields is not as said");
        }
        return fields.stream().map(field -> continuous(field).attribute("name")).toList();
    }

    private static XmlNode continuous(XmlNode field) {
        return field.expect("optype", "continuous").expect("dataType", "double");
    }

    private static void transformations(
            XmlNode dictionary, List<String> names, List<Double> means, List<Double> scales) {
        List<XmlNode> derived = dictionary.all("DerivedField");
        if (derived.size() != names.size()) {
            throw new ArtefactException("not every feature is standardised");
        }
        for (int i = 0; i < names.size(); i++) {
            XmlNode division = continuous(derived.get(i).expect("name", names.get(i) + PmmlWriter.STANDARDISED))
                    .one("Apply")
                    .expect("function", "/");
            XmlNode difference = division.one("Apply").expect("function", "-");
            difference.one("FieldRef").expect("field", names.get(i));
            means.add(difference.one("Constant").expect("dataType", "double").contentNumber());
            double scale = division.one("Constant").expect("dataType", "double").contentNumber();
            if (scale <= 0) {
                throw new ArtefactException("the scale of " + names.get(i) + " is not positive");
            }
            scales.add(scale);
        }
    }

    private static void schema(XmlNode schema, List<String> names, String target) {
        List<XmlNode> fields = schema.all("MiningField");
        if (fields.size() != names.size() + 1) {
            throw new ArtefactException("the mining schema has not the fields of the dictionary");
        }
        for (int i = 0; i < names.size(); i++) {
            fields.get(i).expect("name", names.get(i)).expect("usageType", "active");
        }
        fields.getLast().expect("name", target).expect("usageType", "target");
    }

    private static Artefact.Quality quality(XmlNode quality, String target) {
        quality.expect("targetField", target);
        return new Artefact.Quality(
                quality.attribute("dataName"),
                quality.count("numOfRecords"),
                quality.number("meanAbsoluteError"),
                quality.number("rootMeanSquaredError"),
                quality.number("r-squared"));
    }

    private static List<Double> edges(List<XmlNode> intervals) {
        List<Double> edges = new ArrayList<>();
        for (int i = 0; i < intervals.size(); i++) {
            XmlNode interval = intervals.get(i);
            boolean last = i == intervals.size() - 1;
            interval.expect("closure", last ? "openOpen" : "openClosed");
            if (i > 0 && interval.number("leftMargin") != edges.getLast()) {
                throw new ArtefactException("there is a gap between the intervals of a feature");
            }
            if (!last) {
                double edge = interval.number("rightMargin");
                if (i > 0 && edge <= edges.getLast()) {
                    throw new ArtefactException("the intervals of a feature do not ascend");
                }
                edges.add(edge);
            }
        }
        if (edges.isEmpty()) {
            throw new ArtefactException("a feature has fewer than two intervals");
        }
        return edges;
    }

    private static List<Integer> counts(XmlNode array, int size) {
        array.expect("type", "int").expect("n", Integer.toString(size));
        try {
            List<Integer> counts = Pattern.compile(" +")
                    .splitAsStream(array.content())
                    .map(Integer::valueOf)
                    .toList();
            if (counts.size() == size && counts.stream().allMatch(count -> count >= 0)) {
                return counts;
            }
        } catch (NumberFormatException e) {
            throw new ArtefactException("a count of a feature's values is no number", e);
        }
        throw new ArtefactException("the counts of a feature's values are not as said");
    }

    private static List<Artefact.Answer> answers(XmlNode verification, List<String> names, String target) {
        List<XmlNode> fields = verification.one("VerificationFields").all("VerificationField");
        List<XmlNode> rows = verification.one("InlineTable").all("row");
        if (verification.count("fieldCount") != names.size() + 1
                || fields.size() != names.size() + 1
                || verification.count("recordCount") != rows.size()) {
            throw new ArtefactException("the known answers are not as many as said");
        }
        for (int i = 0; i < fields.size(); i++) {
            String name = i < names.size() ? names.get(i) : target;
            fields.get(i).expect("field", name).expect("column", name);
        }
        return rows.stream()
                .map(row -> new Artefact.Answer(
                        names.stream()
                                .map(name -> row.one(name).contentNumber())
                                .toList(),
                        row.one(target).contentNumber()))
                .toList();
    }
}
