package org.vitrina.e2e.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes {@code docs/configuration.md} out of the {@code @ConfigMapping} interfaces of all modules. The sources are only
 * parsed, so that it runs from a bare JDK: {@code java e2e/src/test/java/org/vitrina/e2e/docs/ConfigurationDoc.java}.
 */
final class ConfigurationDoc {
    static final String COMMAND = "java e2e/src/test/java/org/vitrina/e2e/docs/ConfigurationDoc.java";

    private static final Pattern POM_DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern OUR_ARTIFACT = Pattern.compile("<artifactId>vitrina-([a-z-]+)</artifactId>");

    /** Groups of keys under names that the user chooses. */
    private static final Pattern NAMED_GROUPS = Pattern.compile("Map<String, ?(\\w+)>");

    private final Path root;
    private final Map<String, Source> types = new TreeMap<>();
    private final Map<String, SortedSet<String>> servicesOfModule = new TreeMap<>();
    private final Map<String, Properties> settingsOfService = new TreeMap<>();

    private ConfigurationDoc(Path root) {
        this.root = root;
    }

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args.length == 0 ? "." : args[0]);
        Files.writeString(page(root), text(root));
    }

    static Path page(Path root) {
        return root.resolve("docs/configuration.md");
    }

    /** The page as it has to be for the sources under {@code root}. */
    static String text(Path root) throws IOException {
        ConfigurationDoc doc = new ConfigurationDoc(root);
        doc.readModules();
        doc.parseSources();
        return doc.write();
    }

    /** One type of a configuration: its tree, where it stands, and in which module. */
    private record Source(String module, CompilationUnitTree unit, TreePath path, DocTrees docs) {
        ClassTree tree() {
            return (ClassTree) path.getLeaf();
        }
    }

    /** One key as the page shows it. */
    private record Key(String name, String type, String value, String meaning) {
        String row() {
            String variable = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            return "| `%s`<br>`%s` | %s | %s | %s |\n".formatted(name, variable, type, value, meaning);
        }
    }

    private void readModules() throws IOException {
        Map<String, List<String>> uses = new TreeMap<>();
        for (Path pom : files("pom.xml")) {
            List<String> used = new ArrayList<>();
            Matcher dependency = POM_DEPENDENCY.matcher(Files.readString(pom));
            while (dependency.find()) {
                Matcher ours = OUR_ARTIFACT.matcher(dependency.group(1));
                if (ours.find() && !dependency.group(1).contains("<scope>test</scope>")) {
                    used.add(ours.group(1));
                }
            }
            uses.put(module(pom), used);
        }
        for (Path settings : files("application.properties")) {
            if (settings.endsWith("src/main/resources/application.properties")) {
                Properties properties = new Properties();
                try (Reader reader = Files.newBufferedReader(settings)) {
                    properties.load(reader);
                }
                settingsOfService.put(module(settings), properties);
            }
        }
        settingsOfService.keySet().forEach(service -> isPartOf(service, service, uses));
    }

    private void isPartOf(String service, String module, Map<String, List<String>> uses) {
        if (servicesOfModule.computeIfAbsent(module, m -> new TreeSet<>()).add(service)) {
            uses.getOrDefault(module, List.of()).forEach(used -> isPartOf(service, used, uses));
        }
    }

    private void parseSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        List<Path> declaring = new ArrayList<>(files("Config.java"));
        // an enum beside them
        declaring.addAll(files("Mode.java"));
        for (Path source : declaring) {
            if (source.toString().contains("src/main/java")) {
                sources.add(source);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                String module = module(Path.of(unit.getSourceFile().toUri()));
                new TreePathScanner<Void, String>() {
                    @Override
                    public Void visitClass(ClassTree tree, String around) {
                        String name = around + "." + tree.getSimpleName();
                        types.put(name, new Source(module, unit, getCurrentPath(), docs));
                        return super.visitClass(tree, name);
                    }
                }.scan(unit, String.valueOf(unit.getPackageName()));
            }
        }
    }

    private String write() {
        StringBuilder page = new StringBuilder(
                """
                # Configuration

                Written by `%s` from the configuration interfaces; edit those.

                A value is given as environment variable (the second name of each key) or as system property (the first).
                A duration is a number with `ms`, `s`, `m`, `h` or `d`; a size is a number of bytes, or one with `K`, `M` or `G`.
                A service whose configuration is wrong ends before it opens a port, and tells every problem at once, one line each.
                """
                        .formatted(COMMAND));
        Map<String, Source> mappings = new TreeMap<>();
        types.forEach((name, source) -> annotation(source.tree().getModifiers().getAnnotations(), "ConfigMapping")
                .ifPresent(mapping -> mappings.put(argument(mapping, "prefix", source), source)));
        mappings.forEach((prefix, source) -> {
            SortedSet<String> services = servicesOfModule.getOrDefault(source.module(), new TreeSet<>());
            page.append("\n## `").append(prefix).append(".*`\n\n");
            page.append(meaning(source, source.path())).append(" In ");
            page.append(services.size() == settingsOfService.size() ? "every service" : String.join(", ", services));
            page.append(".\n");
            Map<String, List<Key>> groups = new LinkedHashMap<>();
            gather(prefix, source, services, groups);
            groups.forEach((group, keys) -> {
                if (keys.isEmpty()) {
                    return;
                }
                if (!group.equals(prefix)) {
                    page.append("\n### `").append(group).append(".*`\n");
                }
                page.append("\n| Key, variable | Type | Default | Meaning |\n|---|---|---|---|\n");
                keys.forEach(key -> page.append(key.row()));
            });
        });
        return page.toString();
    }

    /** The keys of an interface and of those it extends under {@code prefix}, each nested interface as a group of its own. */
    private void gather(String prefix, Source source, SortedSet<String> services, Map<String, List<Key>> groups) {
        groups.computeIfAbsent(prefix, p -> new ArrayList<>());
        for (Tree parent : source.tree().getImplementsClause()) {
            gather(prefix, type(parent.toString(), source).orElseThrow(), services, groups);
        }
        for (Tree member : source.tree().getMembers()) {
            if (!(member instanceof MethodTree method) || method.getBody() != null) {
                continue;
            }
            List<? extends AnnotationTree> annotations = method.getModifiers().getAnnotations();
            String key = prefix + "."
                    + annotation(annotations, "WithName")
                            .map(name -> argument(name, "value", source))
                            .orElseGet(() -> skewered(method.getName().toString()));
            Matcher named = NAMED_GROUPS.matcher(String.valueOf(method.getReturnType()));
            if (named.matches()) {
                key += ".NAME";
            }
            String typeName = named.matches() ? named.group(1) : String.valueOf(method.getReturnType());
            Optional<Source> type = type(typeName, source);
            if (type.isPresent() && type.get().tree().getKind() == Tree.Kind.INTERFACE) {
                gather(key, type.get(), services, groups);
                continue;
            }
            String meaning = meaning(source, new TreePath(source.path(), method));
            if (meaning.startsWith("Not to be set")) {
                continue;
            }
            String shown = type.map(ConfigurationDoc::constants).orElseGet(() -> plain(typeName))
                    + bounds(annotations, source);
            add(groups.get(prefix), new Key(key, shown, value(key, typeName, annotations, source, services), meaning));
        }
    }

    /** A key that is there already is an inherited one, of which the service says more. */
    private static void add(List<Key> group, Key key) {
        for (int i = 0; i < group.size(); i++) {
            if (group.get(i).name().equals(key.name())) {
                group.set(i, key);
                return;
            }
        }
        group.add(key);
    }

    private String value(
            String key,
            String typeName,
            List<? extends AnnotationTree> annotations,
            Source source,
            SortedSet<String> services) {
        StringBuilder value = new StringBuilder(annotation(annotations, "WithDefault")
                .map(given -> "`" + argument(given, "value", source) + "`")
                .orElse(typeName.startsWith("Optional") ? "none" : "required"));
        Map<String, List<String>> others = new TreeMap<>();
        for (String service : services) {
            String own =
                    settingsOfService.getOrDefault(service, new Properties()).getProperty(key);
            if (own != null) {
                others.computeIfAbsent(own, o -> new ArrayList<>()).add(service);
            }
        }
        if (value.toString().equals("required") && others.size() == 1 && services.size() == 1) {
            return "`" + others.keySet().iterator().next() + "`";
        }
        others.forEach((own, who) -> value.append("<br>")
                .append(String.join(", ", who))
                .append(": `")
                .append(own)
                .append('`'));
        return value.toString();
    }

    private String bounds(List<? extends AnnotationTree> annotations, Source source) {
        StringBuilder bounds = new StringBuilder();
        for (AnnotationTree annotation : annotations) {
            String name = simpleName(annotation.getAnnotationType().toString());
            switch (name) {
                case "Min" -> bounds.append(", at least ").append(argument(annotation, "value", source));
                case "Max" -> bounds.append(", at most ").append(argument(annotation, "value", source));
                case "DecimalMin" -> bounds.append(", at least ").append(argument(annotation, "value", source));
                case "DecimalMax" -> bounds.append(", at most ").append(argument(annotation, "value", source));
                case "DurationMin" -> bounds.append(", at least ").append(duration(annotation));
                case "DurationMax" -> bounds.append(", at most ").append(duration(annotation));
                case "Positive" -> bounds.append(", more than 0");
                case "PositiveOrZero" -> bounds.append(", at least 0");
                case "NotBlank", "NotEmpty" -> bounds.append(", not empty");
                default -> {}
            }
        }
        return bounds.toString();
    }

    /** {@code @DurationMin(minutes = 1, inclusive = false)} as {@code 1 m (excluded)}. */
    private static String duration(AnnotationTree annotation) {
        String parts = arguments(annotation).entrySet().stream()
                .filter(part -> !part.getKey().equals("inclusive"))
                .map(part -> part.getValue() + " "
                        + (part.getKey().startsWith("mi") && !part.getKey().equals("minutes")
                                ? "ms"
                                : part.getKey().charAt(0)))
                .collect(joining(" "));
        boolean excluded = "false".equals(String.valueOf(arguments(annotation).get("inclusive")));
        return (parts.isEmpty() ? "0 s" : parts) + (excluded ? " (excluded)" : "");
    }

    private String meaning(Source source, TreePath path) {
        DocCommentTree comment = source.docs().getDocCommentTree(path);
        if (comment == null) {
            throw new IllegalStateException("no Javadoc: " + source.tree().getSimpleName() + ", " + path.getLeaf());
        }
        StringBuilder text = new StringBuilder();
        for (DocTree part : comment.getFullBody()) {
            switch (part) {
                case LiteralTree literal ->
                    text.append('`').append(literal.getBody().getBody()).append('`');
                case LinkTree link ->
                    text.append('`').append(link.getReference()).append('`');
                default -> text.append(part);
            }
        }
        return text.toString().replaceAll("\\s+", " ").replace("|", "\\|").strip();
    }

    private static String constants(Source source) {
        return source.tree().getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(constant -> "`"
                        + ((VariableTree) constant)
                                .getName()
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-') + "`")
                .collect(joining(", "));
    }

    private static String plain(String typeName) {
        String inner = typeName.replaceAll("^Optional<(.*)>$", "$1").replaceAll("^Optional(Int|Long|Double)$", "$1");
        return switch (simpleName(inner)) {
            case "int", "long", "Int", "Long" -> "whole number";
            case "double", "Double" -> "number";
            case "boolean", "Boolean" -> "`true`, `false`";
            case "MemorySize" -> "size";
            case "String" -> "text";
            case "URI" -> "URL";
            default -> simpleName(inner).toLowerCase(Locale.ROOT);
        };
    }

    /** A type of ours by the name that {@code from} knows it by: nested there or beside, of its package, or imported. */
    private Optional<Source> type(String name, Source from) {
        String simple = simpleName(name);
        List<String> candidates = new ArrayList<>();
        for (TreePath around = from.path(); around != null; around = around.getParentPath()) {
            candidates.add(qualified(around) + "." + simple);
        }
        from.unit().getImports().forEach(imported -> {
            String full = imported.getQualifiedIdentifier().toString();
            if (full.endsWith("." + simple)) {
                candidates.add(full);
            }
        });
        return candidates.stream().filter(types::containsKey).map(types::get).findFirst();
    }

    private static String qualified(TreePath path) {
        return switch (path.getLeaf()) {
            case ClassTree type -> qualified(path.getParentPath()) + "." + type.getSimpleName();
            case CompilationUnitTree unit -> String.valueOf(unit.getPackageName());
            default -> qualified(path.getParentPath());
        };
    }

    private static Optional<? extends AnnotationTree> annotation(List<? extends AnnotationTree> all, String name) {
        return all.stream()
                .filter(one -> simpleName(one.getAnnotationType().toString()).equals(name))
                .findFirst();
    }

    /** A string or number of an annotation: a literal, or the name of a constant in one of our types. */
    private String argument(AnnotationTree annotation, String name, Source source) {
        ExpressionTree given = arguments(annotation).get(name);
        if (given == null) {
            throw new IllegalStateException("no " + name + " in " + annotation);
        }
        if (given instanceof com.sun.source.tree.LiteralTree literal) {
            return String.valueOf(literal.getValue());
        }
        for (Tree member : source.tree().getMembers()) {
            if (member instanceof VariableTree constant
                    && constant.getName().contentEquals(given.toString())
                    && constant.getInitializer() instanceof com.sun.source.tree.LiteralTree literal) {
                return String.valueOf(literal.getValue());
            }
        }
        throw new IllegalStateException("neither a literal nor a constant beside it: " + annotation);
    }

    private static Map<String, ExpressionTree> arguments(AnnotationTree annotation) {
        Map<String, ExpressionTree> arguments = new LinkedHashMap<>();
        for (ExpressionTree argument : annotation.getArguments()) {
            if (argument instanceof AssignmentTree named) {
                arguments.put(named.getVariable().toString(), named.getExpression());
            } else {
                arguments.put("value", argument);
            }
        }
        return arguments;
    }

    private static String simpleName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** {@code maxStale} as {@code max-stale}. */
    private static String skewered(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** {@code cache} for a file below {@code platform/cache}. */
    private String module(Path file) {
        return root.toAbsolutePath()
                .normalize()
                .relativize(file.toAbsolutePath().normalize())
                .getName(1)
                .toString();
    }

    private List<Path> files(String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String group : List.of("platform", "services")) {
            try (Stream<Path> below = Files.walk(root.resolve(group))) {
                below.filter(file -> file.toString().endsWith(ending))
                        .filter(file -> !file.toString().contains("/target/"))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }
}
