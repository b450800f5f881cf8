package org.vitrina.contracts;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.vitrina.contracts.Verdict.Outcome;

/** Verdicts for people, for programs, and for what reads JUnit's reports. */
final class Reports {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Reports() {}

    /** A line; of a broken rule what happened, what the contract says and what to do. */
    static String text(Verdict verdict) {
        String line = String.format(
                        Locale.ROOT,
                        "  %-10s  %-20s %s",
                        verdict.outcome().words(),
                        verdict.rule().id(),
                        headline(verdict))
                .stripTrailing();
        if (!verdict.is(Outcome.BROKEN)) {
            return line;
        }
        return line + "\n      happened  " + verdict.happened() + "\n      contract  "
                + verdict.rule().sentence() + "\n      to do     "
                + verdict.rule().todo();
    }

    private static String headline(Verdict verdict) {
        return switch (verdict.outcome()) {
            case KEPT -> verdict.rule().todo();
            case BROKEN -> "";
            case NOT_JUDGED -> verdict.happened();
        };
    }

    static long count(List<Verdict> verdicts, Outcome outcome) {
        return verdicts.stream().filter(verdict -> verdict.is(outcome)).count();
    }

    static void json(Path file, String service, TestedAddress address, List<Verdict> verdicts) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.put("service", service).put("url", address.http().toString());
        report.put("kept", count(verdicts, Outcome.BROKEN) == 0);
        ArrayNode rules = report.putArray("rules");
        for (Verdict verdict : verdicts) {
            rules.addObject()
                    .put("id", verdict.rule().id())
                    .put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT))
                    .put("happened", verdict.happened())
                    .put("sentence", verdict.rule().sentence())
                    .put("todo", verdict.rule().todo())
                    .put("took_ms", verdict.took().toMillis());
        }
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }

    /** In the form that JUnit's runners write and build servers read. */
    static void junit(Path file, String service, List<Verdict> verdicts) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "contract of " + service);
            xml.writeAttribute("tests", Integer.toString(verdicts.size()));
            xml.writeAttribute("failures", Long.toString(count(verdicts, Outcome.BROKEN)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", Long.toString(count(verdicts, Outcome.NOT_JUDGED)));
            for (Verdict verdict : verdicts) {
                testCase(xml, service, verdict);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void testCase(XMLStreamWriter xml, String service, Verdict verdict) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "contract." + service);
        xml.writeAttribute("name", verdict.rule().id());
        xml.writeAttribute(
                "time", String.format(Locale.ROOT, "%.3f", verdict.took().toMillis() / 1000.0));
        if (!verdict.is(Outcome.KEPT)) {
            xml.writeStartElement(verdict.is(Outcome.BROKEN) ? "failure" : "skipped");
            xml.writeAttribute("message", printable(verdict.happened()));
            xml.writeCharacters(
                    printable(verdict.rule().sentence() + "\n" + verdict.rule().todo()));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML has no place for most control characters, which an answer may hold. */
    private static String printable(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]", "?");
    }
}
