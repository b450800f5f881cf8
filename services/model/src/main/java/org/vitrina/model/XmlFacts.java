package org.vitrina.model;

import static java.util.Objects.requireNonNull;
import static org.vitrina.model.ArtefactException.refuseUnless;

import io.quarkus.runtime.annotations.RegisterResourceBundle;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.vitrina.core.Magnitude;

/** All that an XML document says, by paths such as {@code PMML/Header/Extension[2]@name}; comments say nothing. */
// What the JDK's reader says of a damaged document: a native image has a bundle only where somebody names it
@RegisterResourceBundle(bundleName = "com.sun.org.apache.xerces.internal.impl.msg.XMLMessages", moduleName = "java.xml")
record XmlFacts(Map<String, String> facts) {
    private static final int DEEPEST = 32;

    /** No DTD, no entity, one namespace. */
    static XmlFacts parse(String document, String namespace) {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            return parse(factory.createXMLStreamReader(new StringReader(document)), namespace);
        } catch (XMLStreamException e) {
            throw new ArtefactException("not readable as XML (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static XmlFacts parse(XMLStreamReader reader, String namespace) throws XMLStreamException {
        Map<String, String> facts = new LinkedHashMap<>();
        Map<String, Integer> alike = new HashMap<>();
        Deque<String> open = new ArrayDeque<>();
        while (reader.hasNext()) {
            int event = reader.next();
            boolean more = event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE;
            refuseUnless(!more, "a document type or an entity is not allowed");
            if (event == XMLStreamConstants.START_ELEMENT) {
                String name = reader.getLocalName();
                refuseUnless(namespace.equals(reader.getNamespaceURI()), "element " + name + " is not of " + namespace);
                refuseUnless(open.size() < DEEPEST, "elements are nested too deeply");
                String path = open.isEmpty() ? name : open.getLast() + "/" + name;
                open.addLast(nth(path, alike.merge(path, 1, Integer::sum)));
                facts.put(open.getLast(), "");
                for (int i = 0; i < reader.getAttributeCount(); i++) {
                    facts.put(open.getLast() + "@" + reader.getAttributeLocalName(i), reader.getAttributeValue(i));
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                facts.computeIfPresent(open.removeLast(), (path, text) -> text.strip());
            } else if (reader.isCharacters() && !open.isEmpty()) {
                facts.merge(open.getLast(), reader.getText(), String::concat);
            }
        }
        return new XmlFacts(facts);
    }

    /** The path of one of several elements that are alike, counted from 1. */
    static String nth(String path, int position) {
        return position == 1 ? path : path + "[" + position + "]";
    }

    int count(String path) {
        int position = 1;
        while (facts.containsKey(nth(path, position))) {
            position++;
        }
        return position - 1;
    }

    String text(String path) {
        refuseUnless(facts.containsKey(path), "there is no " + path);
        return requireNonNull(facts.get(path));
    }

    double number(String path) {
        try {
            double number = Double.parseDouble(text(path));
            refuseUnless(Magnitude.isLabel(number), path + " is no number that may be meant");
            return number;
        } catch (NumberFormatException e) {
            throw new ArtefactException(path + " is no number", e);
        }
    }

    /** Unless nothing is missing, more or other than there; a number may be written in another way. */
    void refuseUnlessLike(XmlFacts understood, List<String> free) {
        understood.facts.keySet().forEach(this::text);
        facts.forEach((path, text) -> {
            String known = understood.facts.get(path);
            refuseUnless(known != null, path.replaceFirst("(.*)/", "$1 has an element ") + ", which is not understood");
            boolean number = requireNonNull(known).matches("-?[0-9.]+(E-?[0-9]+)?");
            boolean same = text.equals(known) || (number && number(path) == understood.number(path));
            refuseUnless(same || free.contains(path), path + " is '" + text + "', understood is only '" + known + "'");
        });
    }
}
