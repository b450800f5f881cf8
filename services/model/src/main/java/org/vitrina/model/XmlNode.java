package org.vitrina.model;

import io.quarkus.runtime.annotations.RegisterResourceBundle;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * An element of a document whose reader must understand all of it: what is asked for is taken out, and what is left in the end
 * is a reason to refuse the document.
 */
// What the JDK's reader says of a damaged document: a native image has a bundle only where somebody names it
@RegisterResourceBundle(bundleName = "com.sun.org.apache.xerces.internal.impl.msg.XMLMessages", moduleName = "java.xml")
final class XmlNode {
    private static final int DEEPEST = 32;

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<XmlNode> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final List<XmlNode> taken = new ArrayList<>();

    private XmlNode(String name) {
        this.name = name;
    }

    /** The root; no DTD, no entity, one namespace. */
    static XmlNode parse(String document, String namespace) {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(document));
            try {
                return parse(reader, namespace);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw new ArtefactException("not readable as XML (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static XmlNode parse(XMLStreamReader reader, String namespace) throws XMLStreamException {
        Deque<XmlNode> open = new ArrayDeque<>();
        @Nullable XmlNode root = null;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    XmlNode node = element(reader, namespace);
                    if (open.size() >= DEEPEST) {
                        throw new ArtefactException("elements are nested too deeply");
                    }
                    if (open.isEmpty()) {
                        root = node;
                    } else {
                        open.getLast().children.add(node);
                    }
                    open.addLast(node);
                }
                case XMLStreamConstants.END_ELEMENT -> open.removeLast();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!open.isEmpty()) {
                        open.getLast().text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new ArtefactException("a document type or an entity is not allowed");
                default -> {
                    // comments and the like say nothing
                }
            }
        }
        if (root == null) {
            throw new ArtefactException("there is no element");
        }
        return root;
    }

    private static XmlNode element(XMLStreamReader reader, String namespace) {
        if (!namespace.equals(reader.getNamespaceURI())) {
            throw new ArtefactException("element " + reader.getLocalName() + " is not of " + namespace);
        }
        var node = new XmlNode(reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            node.attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        return node;
    }

    String name() {
        return name;
    }

    /** The only child of that name. */
    XmlNode one(String child) {
        List<XmlNode> found = all(child);
        if (found.size() != 1) {
            throw new ArtefactException(name + " has " + found.size() + " elements " + child + " instead of one");
        }
        return found.getFirst();
    }

    /** All children of that name, in their order. */
    List<XmlNode> all(String child) {
        List<XmlNode> found =
                children.stream().filter(node -> node.name.equals(child)).toList();
        children.removeAll(found);
        taken.addAll(found);
        return found;
    }

    String attribute(String attribute) {
        String value = attributes.remove(attribute);
        if (value == null) {
            throw new ArtefactException(name + " has no " + attribute);
        }
        return value;
    }

    /** The attribute must be there and say this. */
    XmlNode expect(String attribute, String value) {
        String found = attribute(attribute);
        if (!found.equals(value)) {
            throw new ArtefactException(
                    name + ": " + attribute + " is '" + found + "', understood is only '" + value + "'");
        }
        return this;
    }

    double number(String attribute) {
        return number(attribute, attribute(attribute));
    }

    int count(String attribute) {
        String value = attribute(attribute);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new ArtefactException(name + ": " + attribute + " is no whole number", e);
        }
    }

    String content() {
        String content = text.toString().strip();
        text.setLength(0);
        return content;
    }

    double contentNumber() {
        return number("content", content());
    }

    private double number(String what, String value) {
        try {
            double number = Double.parseDouble(value);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ArtefactException(name + ": " + what + " is no number", e);
        }
        throw new ArtefactException(name + ": " + what + " is not finite");
    }

    /** Fails if anything in the element or below was not asked for. */
    void nothingLeft() {
        if (!attributes.isEmpty()) {
            throw new ArtefactException(name + " has " + attributes.keySet() + ", which is not understood");
        }
        if (!children.isEmpty()) {
            throw new ArtefactException(
                    name + " has an element " + children.getFirst().name + ", which is not understood");
        }
        if (!text.toString().isBlank()) {
            throw new ArtefactException(name + " has text, which is not understood");
        }
        taken.forEach(XmlNode::nothingLeft);
    }
}
