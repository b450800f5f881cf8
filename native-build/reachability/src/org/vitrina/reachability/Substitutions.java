package org.vitrina.reachability;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** The methods that an image replaces, by the annotations of GraalVM in the jars: what they look up on a JVM, it never does. */
final class Substitutions {
    private static final Pattern LIKELY = Pattern.compile("(?i).*(graal|svm|substitut|target_|delete_).*\\.class");
    private static final String TARGET = "Lcom/oracle/svm/core/annotate/TargetClass;";
    private static final Set<String> REPLACED =
            Set.of("Lcom/oracle/svm/core/annotate/Substitute;", "Lcom/oracle/svm/core/annotate/Delete;");

    private final Map<String, Set<String>> byJar = new HashMap<>();

    /** As {@code class.method}, of one jar. */
    Set<String> of(Path file) throws IOException {
        String name = file.getFileName().toString();
        Set<String> known = byJar.get(name);
        if (known == null) {
            known = new TreeSet<>();
            try (JarFile jar = new JarFile(file.toFile())) {
                for (JarEntry entry : jar.stream()
                        .filter(entry -> LIKELY.matcher(entry.getName()).matches())
                        .toList()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        collect(ClassFile.of().parse(in.readAllBytes()), known);
                    }
                }
            }
            byJar.put(name, known);
        }
        return known;
    }

    private static void collect(ClassModel type, Set<String> into) {
        annotation(type, Set.of(TARGET)).ifPresent(target -> {
            String replaced = nameOf(target);
            for (MethodModel method : type.methods()) {
                if (annotation(method, REPLACED).isPresent()) {
                    into.add(replaced + "." + method.methodName().stringValue());
                }
            }
        });
    }

    private static Optional<Annotation> annotation(AttributedElement element, Set<String> types) {
        return element.findAttribute(Attributes.runtimeVisibleAnnotations()).flatMap(all -> all.annotations().stream()
                .filter(one -> types.contains(one.className().stringValue()))
                .findFirst());
    }

    /** {@code @TargetClass(value | className, innerClass)}. */
    private static String nameOf(Annotation target) {
        String name = "";
        String inner = "";
        for (AnnotationElement element : target.elements()) {
            switch (element.value()) {
                case AnnotationValue.OfClass type
                when element.name().equalsString("value") ->
                    name = type.classSymbol()
                            .descriptorString()
                            .replaceAll("^L|;$", "")
                            .replace('/', '.');
                case AnnotationValue.OfString text
                when element.name().equalsString("className") -> name = text.stringValue();
                case AnnotationValue.OfArray names
                when element.name().equalsString("innerClass") -> inner = joined(names.values());
                default -> {
                    // under which condition: taken as given
                }
            }
        }
        return name + inner;
    }

    private static String joined(List<AnnotationValue> names) {
        var text = new StringBuilder();
        for (AnnotationValue name : names) {
            if (name instanceof AnnotationValue.OfString string) {
                text.append('$').append(string.stringValue());
            }
        }
        return text.toString();
    }
}
