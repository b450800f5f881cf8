package org.vitrina.launcher.spec;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.ServiceSpec.Mount;
import org.vitrina.launcher.spec.ServiceSpec.OwnFile;
import org.vitrina.launcher.spec.ServiceSpec.Role;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One {@code service.yaml}, read strictly: an unknown key or a wrong value is told with its line and with what would be right,
 * all of a file's problems at once.
 */
final class ServiceFile {
    static final String NAME = "service.yaml";

    private static final Set<String> KEYS = keys(
            "name, about, port, uses, cache, calls, reads, sends, roles, look-at, memory, stand-in-for, optional, files,"
                    + " questions");
    private static final Set<String> FILE_KEYS = keys("variable, local, container, volume, tmpfs");

    private static final Pattern SERVICE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern ANYTHING = Pattern.compile(".+");
    private static final Pattern CACHE = Pattern.compile("memory|sidecar");
    private static final Pattern TRUTH = Pattern.compile("true|false");
    private static final Pattern MEGABYTES = Pattern.compile("[1-9][0-9]*m");
    private static final Pattern VARIABLE = Pattern.compile("VITRINA_[A-Z0-9_]+");
    private static final Pattern PATH = Pattern.compile("/\\S*");
    /** Below the folder: no step is . or .. */
    private static final Pattern RELATIVE = Pattern.compile("(?!(?:\\S*/)?\\.\\.?(?:/|$))[^/\\s]\\S*");

    /** Of a queue or an exchange: what needs no quoting in a pattern, a YAML file or a shell but for its dots. */
    private static final Pattern BROKERS = Pattern.compile("[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*");

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    private static final int LOWEST_PORT = 1024;
    /** Below the ports that the kernel hands out, with the management port 10000 above. */
    private static final int HIGHEST_PORT = 22_767;

    private static final String PORT_FORM =
            "a number from " + LOWEST_PORT + " to " + HIGHEST_PORT + " (health is 10000 above)";

    private final String label;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Node> values;

    private ServiceFile(String label, Node root) {
        this.label = label;
        this.values = entries(root, KEYS);
    }

    /**
     * @param label how the file is called in messages
     * @throws SpecException when it cannot be understood
     */
    static ServiceSpec read(Path file, String label) {
        try (Reader text = Files.newBufferedReader(file)) {
            Node root = new Yaml(new LoaderOptions()).compose(text);
            if (root == null) {
                throw new SpecException(List.of(label + ": is empty; it needs at least name, about and port."));
            }
            ServiceFile read = new ServiceFile(label, root);
            ServiceSpec spec = read.spec();
            if (!read.problems.isEmpty()) {
                throw new SpecException(read.problems);
            }
            return spec;
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw new SpecException(List.of(label + (mark == null ? "" : ": line " + (mark.getLine() + 1))
                    + ": this is no YAML: " + e.getProblem() + "."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServiceSpec spec() {
        String cache = values.containsKey("cache") ? text(values, "cache", CACHE, "memory or sidecar") : null;
        Set<Server> uses = choices("uses", Server.class);
        if (cache != null) {
            uses.add(Server.REDIS);
        }
        return new ServiceSpec(
                text(values, "name", SERVICE, "small letters, digits and single hyphens, as its folder's name"),
                text(values, "about", ANYTHING, "a short text: what it has"),
                port(),
                uses,
                cache,
                list("calls", SERVICE, "a service's name"),
                queues("reads"),
                queues("sends"),
                choices("roles", Role.class),
                values.containsKey("look-at") ? text(values, "look-at", PATH, "a path, such as /") : "/q/swagger-ui",
                values.containsKey("memory") ? text(values, "memory", MEGABYTES, "megabytes, such as 384m") : "384m",
                values.containsKey("stand-in-for")
                        ? text(values, "stand-in-for", VARIABLE, "a variable, such as VITRINA_SMS_URL")
                        : null,
                values.containsKey("optional")
                        && text(values, "optional", TRUTH, "true or false").equals("true"),
                files(),
                list("questions", PATH, "a path, such as /users/1/favorites"));
    }

    private int port() {
        String text = text(values, "port", DIGITS, PORT_FORM);
        int port = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : LOWEST_PORT;
        if (port < LOWEST_PORT || port > HIGHEST_PORT) {
            problem(values.get("port"), "'" + text + "' is no port", "give " + PORT_FORM);
        }
        return port;
    }

    /** Queues with their exchanges. */
    private Map<String, String> queues(String key) {
        Map<String, String> queues = new LinkedHashMap<>();
        Node value = values.get(key);
        if (value == null) {
            return queues;
        }
        if (!(value instanceof MappingNode mapping)) {
            problem(value, "'" + key + "' is no map", "write '" + key + ": {a.queue: its.exchange}'");
            return queues;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            for (Node name : List.of(tuple.getKeyNode(), tuple.getValueNode())) {
                if (!BROKERS.matcher(text(name)).matches()) {
                    problem(
                            name,
                            "'" + text(name) + "' is wrong under '" + key + "'",
                            "give the name of a queue and of its exchange: small letters, digits, _ and single dots");
                }
            }
            queues.put(text(tuple.getKeyNode()), text(tuple.getValueNode()));
        }
        return queues;
    }

    private List<OwnFile> files() {
        List<OwnFile> files = new ArrayList<>();
        for (Node item : items("files")) {
            Map<String, Node> keys = entries(item, FILE_KEYS);
            Mount mount = null;
            for (String kind : List.of("volume", "tmpfs")) {
                if (keys.containsKey(kind)) {
                    mount = new Mount(kind.equals("volume"), text(keys, kind, ANYTHING, "what Compose mounts"));
                }
            }
            files.add(new OwnFile(
                    text(keys, "variable", VARIABLE, "a variable, such as VITRINA_SMS_FILE"),
                    text(keys, "local", RELATIVE, "a path in .vitrina, such as sms/accepted.jsonl"),
                    keys.containsKey("container") ? text(keys, "container", PATH, "a path, such as /models") : null,
                    mount));
        }
        return files;
    }

    private <E extends Enum<E>> Set<E> choices(String key, Class<E> type) {
        Set<E> chosen = EnumSet.noneOf(type);
        String names = String.join(
                ", ", EnumSet.allOf(type).stream().map(ServiceFile::spelled).toList());
        for (Node item : items(key)) {
            String text = text(item);
            EnumSet.allOf(type).stream()
                    .filter(one -> spelled(one).equals(text))
                    .findFirst()
                    .ifPresentOrElse(
                            chosen::add,
                            () -> problem(item, "'" + text + "' is unknown under '" + key + "'", "there are " + names));
        }
        return chosen;
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private List<String> list(String key, Pattern form, String rightForm) {
        List<String> texts = new ArrayList<>();
        for (Node item : items(key)) {
            String text = text(item);
            if (form.matcher(text).matches()) {
                texts.add(text);
            } else {
                problem(item, "'" + text + "' is wrong under '" + key + "'", "give " + rightForm);
            }
        }
        return texts;
    }

    private List<Node> items(String key) {
        Node value = values.get(key);
        if (value instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (value != null) {
            problem(
                    value,
                    "'" + key + "' is no list",
                    "write '" + key + ": [a, b]', or each on a line of its own after '- '");
        }
        return List.of();
    }

    private String text(Map<String, Node> keys, String key, Pattern form, String rightForm) {
        Node value = keys.get(key);
        if (value == null) {
            problem(null, "'" + key + "' is missing", "give " + rightForm);
            return "";
        }
        String text = text(value);
        if (!form.matcher(text).matches()) {
            problem(value, "'" + text + "' is wrong as '" + key + "'", "give " + rightForm);
        }
        return text;
    }

    private String text(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        problem(node, "here is a list or a map", "a single text belongs here");
        return "";
    }

    private Map<String, Node> entries(Node node, Set<String> known) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            problem(node, "here are no keys", "write 'key: value' lines; there are " + String.join(", ", known));
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode());
            if (!known.contains(key)) {
                problem(tuple.getKeyNode(), "'" + key + "' is no key here", "there are " + String.join(", ", known));
            } else if (entries.put(key, tuple.getValueNode()) != null) {
                problem(tuple.getKeyNode(), "'" + key + "' is said twice", "leave one of them out");
            }
        }
        return entries;
    }

    private void problem(@Nullable Node where, String what, String whatToDo) {
        String line = where == null ? "" : ": line " + (where.getStartMark().getLine() + 1);
        problems.add(label + line + ": " + what + "; " + whatToDo + ".");
    }

    private static Set<String> keys(String names) {
        return new java.util.LinkedHashSet<>(List.of(names.split(", ", -1)));
    }
}
