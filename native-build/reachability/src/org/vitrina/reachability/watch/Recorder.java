package org.vitrina.reachability.watch;

import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.StackWalker.StackFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What the watched methods of the JDK tell: notes each look-up once, a line of
 * {@code kind, subject, detail, asker's class, method and descriptor, class initializers on the stack, first of our own frames},
 * tab-separated. Lies on the boot class path, as the JDK's own classes call it.
 */
public final class Recorder {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Module BASE = Object.class.getModule();
    private static final String OURS = "org.vitrina.";
    /** A look-up made while one is noted is our own. */
    private static final ThreadLocal<Boolean> NOTING = ThreadLocal.withInitial(() -> false);

    /** The image has other code in their place. */
    private static final Set<String> REPLACED = new HashSet<>();

    private static final Set<String> NOTED = ConcurrentHashMap.newKeySet();
    private static volatile FileOutputStream file;

    private Recorder() {}

    /** From now on look-ups are written there. Before anything is watched, as the first note needs classes of its own. */
    public static void open(String path, String replacedMethods) throws IOException {
        REPLACED.addAll(Files.readAllLines(Path.of(replacedMethods)));
        file = new FileOutputStream(path);
        note("opened", path, "", 0);
    }

    public static void type(String name) {
        note("class", name, "");
    }

    /** Called where {@code loadClass} is, not in it. */
    public static void loading(String name) {
        note("class", name, "", 2);
    }

    public static void member(String kind, Class<?> type, String name, Class<?>[] parameters) {
        note(
                kind,
                type == null ? null : type.getName(),
                name + "("
                        + (parameters == null
                                ? ""
                                : Arrays.stream(parameters)
                                        .map(parameter -> parameter == null ? "?" : parameter.getName())
                                        .collect(Collectors.joining(",")))
                        + ")");
    }

    public static void field(Class<?> type, String name) {
        note("field", type.getName(), name);
    }

    public static void members(String kind, Class<?> type) {
        note(kind, type.getName(), "");
    }

    /** A name that starts with a slash is absolute, another one is in the class's package. */
    public static void resourceOf(Class<?> type, String name) {
        if (name != null) {
            String folder =
                    type.getPackageName().isEmpty() ? "" : type.getPackageName().replace('.', '/') + "/";
            note("resource of class", name.startsWith("/") ? name.substring(1) : folder + name, type.getName());
        }
    }

    public static void resource(String name) {
        note("resource", name, "");
    }

    public static void bundle(String name) {
        note("bundle", name, "");
    }

    public static void service(Class<?> type) {
        note("service", type == null ? null : type.getName(), "");
    }

    public static void proxy(Class<?>[] interfaces) {
        note(
                "proxy",
                interfaces == null
                        ? null
                        : Arrays.stream(interfaces).map(Class::getName).collect(Collectors.joining(",")),
                "");
    }

    public static void library(String name) {
        note("library", name, "");
    }

    private static void note(String kind, String subject, String detail) {
        // we, our caller, and the watched method
        note(kind, subject, detail, 4);
    }

    private static void note(String kind, String subject, String detail, int skipped) {
        if (subject == null || NOTING.get()) {
            return;
        }
        NOTING.set(true);
        try {
            List<StackFrame> frames = STACK.walk(stack -> stack.skip(skipped).toList());
            // what the JDK's base looks up is native-image's own business
            if (frames.isEmpty() || frames.getFirst().getDeclaringClass().getModule() == BASE) {
                return;
            }
            if (frames.stream()
                    .anyMatch(frame -> REPLACED.contains(frame.getClassName() + "." + frame.getMethodName()))) {
                return;
            }
            StackFrame asker = frames.getFirst();
            String initializers = frames.stream()
                    .filter(frame -> frame.getMethodName().equals("<clinit>"))
                    .map(StackFrame::getClassName)
                    .collect(Collectors.joining(","));
            String own = frames.stream()
                    .filter(frame -> frame.getClassName().startsWith(OURS))
                    .findFirst()
                    .map(frame -> frame.toStackTraceElement().toString())
                    .orElse("");
            write(String.join(
                    "\t",
                    kind,
                    subject,
                    detail,
                    asker.getClassName(),
                    asker.getMethodName(),
                    asker.getDescriptor(),
                    initializers,
                    own));
        } finally {
            NOTING.set(false);
        }
    }

    private static void write(String line) {
        FileOutputStream to = file;
        if (to != null && NOTED.add(line)) {
            try {
                to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // a record that is not whole would pass for one
                System.err.println("reachability: the record cannot be written: " + e);
                Runtime.getRuntime().halt(70);
            }
        }
    }
}
