package org.vitrina.model;

import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes an artefact as PMML 4.4 (Data Mining Group), with what {@link PmmlReader} understands. */
final class PmmlWriter {
    static final String NAMESPACE = "http://www.dmg.org/PMML-4_4";
    static final String STANDARDISED = ".standardised";
    static final String HASH = "vitrina.training-data-sha256";

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;
    private final Artefact artefact;
    private int depth;

    private PmmlWriter(Artefact artefact) throws XMLStreamException {
        this.xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
        this.artefact = artefact;
    }

    static String text(Artefact artefact) {
        try {
            var writer = new PmmlWriter(artefact);
            writer.write();
            return writer.text.toString();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a document in memory cannot be written", e);
        }
    }

    private void write() throws XMLStreamException {
        xml.writeStartDocument();
        start("PMML", "xmlns", NAMESPACE, "version", "4.4");
        start("Header", "modelVersion", artefact.version());
        empty("Extension", "name", HASH, "value", artefact.sha256());
        empty("Application", "name", "vitrina-model");
        end();
        dictionary();
        transformations();
        model();
        end();
        xml.writeCharacters("\n");
        xml.writeEndDocument();
        xml.close();
    }

    private void dictionary() throws XMLStreamException {
        start("DataDictionary", "numberOfFields", artefact.features().size() + 1);
        for (Artefact.Feature feature : artefact.features()) {
            empty("DataField", "name", feature.name(), "optype", "continuous", "dataType", "double");
        }
        empty("DataField", "name", artefact.target(), "optype", "continuous", "dataType", "double");
        end();
    }

    private void transformations() throws XMLStreamException {
        start("TransformationDictionary");
        for (Artefact.Feature feature : artefact.features()) {
            start("DerivedField", "name", feature.name() + STANDARDISED, "optype", "continuous", "dataType", "double");
            start("Apply", "function", "/");
            start("Apply", "function", "-");
            empty("FieldRef", "field", feature.name());
            text("Constant", feature.mean(), "dataType", "double");
            end();
            text("Constant", feature.scale(), "dataType", "double");
            end();
            end();
        }
        end();
    }

    private void model() throws XMLStreamException {
        start("RegressionModel", "functionName", "regression", "algorithmName", "ordinary least squares");
        start("MiningSchema");
        for (Artefact.Feature feature : artefact.features()) {
            empty("MiningField", "name", feature.name(), "usageType", "active");
        }
        empty("MiningField", "name", artefact.target(), "usageType", "target");
        end();
        statistics();
        Artefact.Quality quality = artefact.quality();
        start("ModelExplanation");
        empty(
                "PredictiveModelQuality",
                "targetField",
                artefact.target(),
                "dataName",
                quality.data(),
                "numOfRecords",
                quality.rows(),
                "meanAbsoluteError",
                quality.meanAbsoluteError(),
                "rootMeanSquaredError",
                quality.rootMeanSquaredError(),
                "r-squared",
                quality.rSquared());
        end();
        start("RegressionTable", "intercept", artefact.intercept());
        for (Artefact.Feature feature : artefact.features()) {
            empty("NumericPredictor", "name", feature.name() + STANDARDISED, "coefficient", feature.coefficient());
        }
        end();
        verification();
        end();
    }

    private void statistics() throws XMLStreamException {
        start("ModelStats");
        for (Artefact.Feature feature : artefact.features()) {
            start("UnivariateStats", "field", feature.name());
            start("ContStats");
            List<Double> edges = feature.edges();
            for (int i = 0; i <= edges.size(); i++) {
                if (i == 0) {
                    empty("Interval", "closure", "openClosed", "rightMargin", edges.get(i));
                } else if (i < edges.size()) {
                    empty(
                            "Interval",
                            "closure",
                            "openClosed",
                            "leftMargin",
                            edges.get(i - 1),
                            "rightMargin",
                            edges.get(i));
                } else {
                    empty("Interval", "closure", "openOpen", "leftMargin", edges.get(i - 1));
                }
            }
            text(
                    "Array",
                    String.join(
                            " ", feature.counts().stream().map(String::valueOf).toList()),
                    "type",
                    "int",
                    "n",
                    feature.counts().size());
            end();
            end();
        }
        end();
    }

    private void verification() throws XMLStreamException {
        start(
                "ModelVerification",
                "recordCount",
                artefact.answers().size(),
                "fieldCount",
                artefact.features().size() + 1);
        start("VerificationFields");
        for (Artefact.Feature feature : artefact.features()) {
            empty("VerificationField", "field", feature.name(), "column", feature.name());
        }
        empty("VerificationField", "field", artefact.target(), "column", artefact.target());
        end();
        start("InlineTable");
        for (Artefact.Answer answer : artefact.answers()) {
            start("row");
            for (int i = 0; i < artefact.features().size(); i++) {
                text(artefact.features().get(i).name(), answer.features().get(i));
            }
            text(artefact.target(), answer.value());
            end();
        }
        end();
        end();
    }

    private void start(String name, Object... attributes) throws XMLStreamException {
        line();
        xml.writeStartElement(name);
        attributes(attributes);
        depth++;
    }

    private void end() throws XMLStreamException {
        depth--;
        line();
        xml.writeEndElement();
    }

    private void empty(String name, Object... attributes) throws XMLStreamException {
        line();
        xml.writeEmptyElement(name);
        attributes(attributes);
    }

    private void text(String name, Object content, Object... attributes) throws XMLStreamException {
        line();
        xml.writeStartElement(name);
        attributes(attributes);
        xml.writeCharacters(content.toString());
        xml.writeEndElement();
    }

    private void attributes(Object... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i].toString(), attributes[i + 1].toString());
        }
    }

    private void line() throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }
}
