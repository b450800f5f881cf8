package org.vitrina.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The rules 1, 2, 4, 5, 7 and 8 of docs/style.md and the boundaries between modules, over a module's production classes; a service
 * has {@link ServiceRules} as well.
 *
 * <p>Each module has, in its root package, a class of exactly this name (Surefire runs only what ends in {@code Test}):
 *
 * <pre>{@code
 * class ArchitectureTest {
 *     @Test
 *     void keepsTheModuleRules() {
 *         ModuleRules.check(ArchitectureTest.class);
 *     }
 * }
 * }</pre>
 */
public final class ModuleRules {
    private static final String ROOT = "org.vitrina.";

    /** What any service may build on. Whatever else there is under {@value #ROOT} is a service of its own. */
    private static final Set<String> PLATFORM = Set.of(
            "core",
            "overload",
            "runtime",
            "identity",
            "http",
            "client",
            "cache",
            "amqp",
            "stream",
            "messaging",
            "persistence",
            "discovery",
            "diabetes");

    /** They start or test the others, may block, and are in no service. */
    private static final Set<String> TOOLS = Set.of("migrations", "servers", "contracts", "testing", "launcher", "e2e");

    private static final String FAULT_TOLERANCE = "org.eclipse.microprofile.faulttolerance";

    /** The package of these rules' own test. */
    private static final String SAMPLE = "sample";

    private ModuleRules() {}

    /** Checks the module in whose root package {@code test} is; fails with all violations of all rules. */
    public static void check(Class<?> test) {
        check(test.getPackageName(), production(test.getPackageName()));
    }

    private static JavaClasses production(String rootPackage) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(rootPackage);
    }

    /** As {@link #check(Class)}, for classes that the caller imported. */
    public static void check(String rootPackage, JavaClasses classes) {
        if (classes.isEmpty()) {
            throw new AssertionError("there are no production classes under " + rootPackage);
        }
        String module = moduleOf(rootPackage);
        List<ArchRule> rules = new ArrayList<>(List.of(
                knowsNoOtherService(module),
                resourcesAskServicesOnly(),
                servicesKnowNoResources(),
                repositoriesKnowNeither(),
                entitiesStayInTheirPackage(),
                resourcesShowNoEntities(),
                restInterfacesCarryNoFaultTolerance(),
                mappingsArePublic(),
                problemsAreSentences(),
                namesSayWhatIsMeant()));
        if (!TOOLS.contains(module)) {
            rules.add(nothingWaits());
            rules.add(nothingIsSynchronized());
        }
        if (!TOOLS.contains(module) && !PLATFORM.contains(module) && !module.equals(SAMPLE)) {
            rules.addAll(ServiceRules.of(ROOT + module));
        }
        List<String> violations = new ArrayList<>();
        for (ArchRule rule : rules) {
            EvaluationResult result = rule.allowEmptyShould(true).evaluate(classes);
            if (result.hasViolation()) {
                violations.add(result.getFailureReport().toString());
            }
        }
        if (!violations.isEmpty()) {
            throw new AssertionError(String.join("\n\n", violations));
        }
    }

    private static String moduleOf(String packageName) {
        if (!packageName.startsWith(ROOT)) {
            return "";
        }
        String rest = packageName.substring(ROOT.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static ArchRule knowsNoOtherService(String module) {
        Set<String> allowed = new HashSet<>(PLATFORM);
        allowed.add(module);
        if (TOOLS.contains(module)) {
            allowed.addAll(TOOLS);
        }
        return noClasses()
                .should()
                .dependOnClassesThat(describe("are of another service, or of a tool", other -> {
                    String theirs = moduleOf(other.getPackageName());
                    return !theirs.isEmpty() && !allowed.contains(theirs);
                }))
                .as("the platform knows no service, and services know each other by URL and contract only");
    }

    private static ArchRule resourcesAskServicesOnly() {
        return noClasses()
                .that(simpleNameEndingWith("Resource"))
                .should()
                .dependOnClassesThat(entity().or(named("Repository")))
                .as("XResource asks XService; it skips to no repository and knows no entity (style 2)");
    }

    private static ArchRule servicesKnowNoResources() {
        return noClasses()
                .that(named("Service"))
                .should()
                .dependOnClassesThat(named("Resource"))
                .as("XService knows no resource (style 2)");
    }

    private static ArchRule repositoriesKnowNeither() {
        return noClasses()
                .that(named("Repository").or(entity()))
                .should()
                .dependOnClassesThat(named("Resource").or(named("Service")))
                .as("XRepository and XEntity know neither service nor resource (style 2)");
    }

    private static ArchRule entitiesStayInTheirPackage() {
        return classes()
                .that(entity())
                .should(new ArchCondition<JavaClass>("be used in their own package only") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (Dependency use : type.getDirectDependenciesToSelf()) {
                            if (!use.getOriginClass().getPackageName().equals(type.getPackageName())) {
                                events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                            }
                        }
                    }
                })
                .as("entities never leave their service, nor the package of their feature (style 3)");
    }

    private static ArchRule resourcesShowNoEntities() {
        return methods()
                .that()
                .areDeclaredInClassesThat(named("Resource"))
                .should(new ArchCondition<JavaMethod>("name no entity in their signature") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        Stream.concat(
                                        method.getReturnType().getAllInvolvedRawTypes().stream(),
                                        method.getParameterTypes().stream()
                                                .flatMap(type -> type.getAllInvolvedRawTypes().stream()))
                                .filter(entity())
                                .forEach(type -> events.add(SimpleConditionEvent.violated(
                                        method, method.getFullName() + " shows " + type.getSimpleName())));
                    }
                })
                .as("no entity in a resource's method (style 3)");
    }

    private static ArchRule restInterfacesCarryNoFaultTolerance() {
        return noClasses()
                .that(describe(
                        "are REST client interfaces",
                        type -> type.isInterface()
                                && (annotated(type, "org.eclipse.microprofile.rest.client.inject.RegisterRestClient")
                                        || annotated(type, "jakarta.ws.rs.Path")
                                        || type.getSimpleName().endsWith("RestClient"))))
                .should(new ArchCondition<JavaClass>("carry fault tolerance annotations") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        Stream<JavaAnnotation<?>> all = Stream.concat(
                                type.getAnnotations().stream(),
                                type.getMethods().stream().flatMap(method -> method.getAnnotations().stream()));
                        all.map(annotation -> annotation.getRawType().getName())
                                .filter(name -> name.startsWith(FAULT_TOLERANCE))
                                .forEach(name -> events.add(
                                        SimpleConditionEvent.satisfied(type, type.getName() + " carries " + name)));
                    }
                })
                .as("fault tolerance sits on XClient, never on the REST interface (style 2)");
    }

    private static ArchRule nothingWaits() {
        return noClasses()
                .should()
                .callMethodWhere(describe(
                        "waits for a Uni",
                        call -> call.getTargetOwner().getName().equals("io.smallrye.mutiny.Uni")
                                && call.getName().equals("await")))
                .as("no await() outside tests (style 7)");
    }

    private static ArchRule nothingIsSynchronized() {
        return classes()
                .should(new ArchCondition<JavaClass>("not synchronize") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (JavaMethod method : type.getMethods()) {
                            // an exception without a stack trace must repeat the modifier of what it overrides
                            if (method.getModifiers().contains(JavaModifier.SYNCHRONIZED)
                                    && !method.getName().equals("fillInStackTrace")) {
                                events.add(SimpleConditionEvent.violated(method, method.getFullName()));
                            }
                        }
                        for (String method : methodsWithMonitors(type)) {
                            events.add(SimpleConditionEvent.violated(type, type.getName() + "." + method));
                        }
                    }
                })
                .as("no lock and no synchronized where an event loop may come by (style 7)");
    }

    private static ArchRule mappingsArePublic() {
        return classes()
                .that(describe(
                        "are configuration mappings", type -> annotated(type, "io.smallrye.config.ConfigMapping")))
                .should()
                .bePublic()
                .as("a @ConfigMapping is public: a native image cannot validate another (style 4)");
    }

    private static ArchRule problemsAreSentences() {
        return classes()
                .should(new ArchCondition<JavaClass>("end the texts of their problems with a full stop") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (String text : ProblemTexts.without(type)) {
                            events.add(SimpleConditionEvent.violated(type, type.getName() + ": " + text));
                        }
                    }
                })
                .as("a problem's detail is a sentence: it ends with a full stop (style 5)");
    }

    private static ArchRule namesSayWhatIsMeant() {
        return noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
                .as("no Manager, Helper, Util, Impl (style 8)");
    }

    /** ArchUnit sees the modifier of a method, but no synchronized block; the byte code has both. */
    private static List<String> methodsWithMonitors(JavaClass type) {
        List<String> found = new ArrayList<>();
        type.getSource().ifPresent(source -> {
            try (InputStream bytes = source.getUri().toURL().openStream()) {
                new ClassReader(bytes).accept(new Monitors(found), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return found;
    }

    /** Collects the methods that enter a monitor. */
    private static final class Monitors extends ClassVisitor {
        private final List<String> found;

        Monitors(List<String> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitInsn(int opcode) {
                    if (opcode == Opcodes.MONITORENTER) {
                        found.add(name);
                    }
                }
            };
        }
    }

    private static DescribedPredicate<JavaClass> named(String ending) {
        return describe(
                "are our own and named *" + ending,
                type -> type.getPackageName().startsWith(ROOT)
                        && type.getSimpleName().endsWith(ending));
    }

    private static DescribedPredicate<JavaClass> entity() {
        return describe("are entities", type -> annotated(type, "jakarta.persistence.Entity"));
    }

    private static boolean annotated(JavaClass type, String annotation) {
        return type.isAnnotatedWith(annotation);
    }
}
