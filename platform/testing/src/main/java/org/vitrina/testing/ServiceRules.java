package org.vitrina.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** What makes the services alike, so that who knows one knows where to look in each; {@link ModuleRules} checks it. */
final class ServiceRules {
    /** What teams declare beside a service's own settings: the contract names it after the page, whoever makes that. */
    private static final Set<String> BESIDE = Set.of("vitrina.page", "vitrina.session", "vitrina.experiments");

    private static final String CONFIG_MAPPING = "io.smallrye.config.ConfigMapping";
    private static final String FAULT_TOLERANCE = "org.eclipse.microprofile.faulttolerance";
    private static final String PATH = "jakarta.ws.rs.Path";
    private static final String SIZE = "jakarta.validation.constraints.Size";
    private static final List<String> WITH_BODY =
            List.of("jakarta.ws.rs.POST", "jakarta.ws.rs.PUT", "jakarta.ws.rs.PATCH");

    /** Repositories are Panache's; these go through the SQL client, without a session, each for its reason. */
    private static final Map<String, String> SQL_BY_HAND = Map.ofEntries(
            Map.entry(
                    "org.vitrina.inventory.InventoryRepository",
                    "reads levels by a list of ids, which HQL translates anew each time"),
            Map.entry(
                    "org.vitrina.metrics.ObservationRepository",
                    "takes batches of hundreds of messages in one statement"),
            Map.entry("org.vitrina.notifications.ErasureRepository", "blanks hundreds of rows in one statement"),
            Map.entry("org.vitrina.notifications.NotificationRepository", "claims rows with SKIP LOCKED and a lease"),
            Map.entry("org.vitrina.orders.AddressRepository", "blanks hundreds of orders in one statement"),
            Map.entry("org.vitrina.orders.OrderHistoryRepository", "reads two tables of events as one"),
            Map.entry("org.vitrina.orders.OrdersAuditRepository", "adds up tables of any size"),
            Map.entry("org.vitrina.orders.OrderRepository", "writes order, key, collection and event in one statement"),
            Map.entry("org.vitrina.orders.SentEventRepository", "claims rows with SKIP LOCKED, hundreds at once"),
            Map.entry("org.vitrina.predictions.PredictionRepository", "takes the model's answers in batches"),
            Map.entry("org.vitrina.predictions.RequestRepository", "takes requests and answers in batches"),
            Map.entry("org.vitrina.predictions.ScoreRepository", "adds up the predictions of a user"),
            Map.entry(
                    "org.vitrina.products.ProductRepository",
                    "reads a page by a list of ids, which HQL translates anew each time"));

    private static final DescribedPredicate<JavaClass> SQL_CLIENT = describe(
            "are the SQL client's",
            type -> type.getPackageName().startsWith("io.vertx.mutiny.sqlclient")
                    || type.getPackageName().startsWith("io.vertx.sqlclient"));

    private static final DescribedPredicate<JavaClass> SESSIONS =
            describe("are sessions", type -> type.getPackageName().startsWith("org.hibernate.reactive.mutiny"));

    /** Packages are cut by what they are about (style 1), not by what kind of class is in them. */
    private static final String[] LAYERS = {
        "..api..",
        "..common..",
        "..config..",
        "..controller..",
        "..dao..",
        "..dto..",
        "..entity..",
        "..exception..",
        "..impl..",
        "..mapper..",
        "..repository..",
        "..resource..",
        "..rest..",
        "..service..",
        "..util.."
    };

    private static final Set<String> ABSOLUTE_URLS = Set.of(
            "location",
            "contentLocation",
            "created",
            "seeOther",
            "temporaryRedirect",
            "getAbsolutePath",
            "getAbsolutePathBuilder",
            "getBaseUri",
            "getBaseUriBuilder");

    private ServiceRules() {}

    /** The rules for the service whose classes are in {@code rootPackage}. */
    static List<ArchRule> of(String rootPackage) {
        String service = rootPackage.substring(rootPackage.lastIndexOf('.') + 1);
        String name = service.substring(0, 1).toUpperCase(Locale.ROOT) + service.substring(1);
        return List.of(
                hasOneConfiguration(rootPackage, "vitrina." + service, name + "Config"),
                resourcesAreNamedSo(),
                entitiesAreNamedSo(),
                restClientsAreNamedSoAndHidden(),
                callsAreGuardedInOneMethod(),
                whatOperatorsAskIsNamedSo(),
                whoHasADatabaseWarmsUp(name + "WarmUp"),
                whatPurgesRecurs(),
                onlyRepositoriesReachTheDatabase(),
                sqlByHandIsArgued(),
                nothingIsInjectedIntoFields(),
                urlsAreNotMadeOfTheHost(),
                listsInBodiesAreLimited(),
                AccessRules.whoMayIsDeclared(),
                packagesAreFeatures());
    }

    private static ArchRule hasOneConfiguration(String rootPackage, String prefix, String name) {
        return classes()
                .that(describe("are configuration mappings", type -> type.isAnnotatedWith(CONFIG_MAPPING)))
                .should(
                        new ArchCondition<JavaClass>(
                                "be one public XConfig in the root package, with the service's prefix") {
                            private int mappings;

                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                Object theirs = type.getAnnotationOfType(CONFIG_MAPPING)
                                        .get("prefix")
                                        .orElse("");
                                if (BESIDE.contains(theirs)) {
                                    return;
                                }
                                mappings++;
                                if (!theirs.equals(prefix)
                                        || !type.getPackageName().equals(rootPackage)
                                        || !type.getModifiers().contains(JavaModifier.PUBLIC)
                                        || !type.getSimpleName().equals(name)) {
                                    events.add(SimpleConditionEvent.violated(type, type.getName() + " maps " + theirs));
                                }
                            }

                            @Override
                            public void finish(ConditionEvents events) {
                                if (mappings != 1) {
                                    events.add(SimpleConditionEvent.violated(rootPackage, "there are " + mappings));
                                }
                            }
                        })
                .as(
                        "a service has one configuration, XConfig: public, in its root package, vitrina.<service>.* (style 4)");
    }

    private static ArchRule resourcesAreNamedSo() {
        return classes()
                .that(describe("answer requests", type -> !type.isInterface() && type.isAnnotatedWith(PATH)))
                .should()
                .haveSimpleNameEndingWith("Resource")
                .as("what has a @Path is an XResource (style 2)");
    }

    private static ArchRule entitiesAreNamedSo() {
        return classes()
                .that(describe("are entities", type -> type.isAnnotatedWith("jakarta.persistence.Entity")))
                .should()
                .haveSimpleNameEndingWith("Entity")
                .as("a mapped table is an XEntity (style 2)");
    }

    /** Jakarta REST completes them with the {@code Host} that the caller sent, which a caller behind a proxy never saw. */
    private static ArchRule urlsAreNotMadeOfTheHost() {
        return noClasses()
                .should()
                .callMethodWhere(describe(
                        "makes an absolute URL",
                        call -> ABSOLUTE_URLS.contains(call.getName())
                                && call.getTargetOwner()
                                        .getName()
                                        .matches(".*\\.(Rest)?Response(\\$ResponseBuilder)?|.*UriInfo")))
                .as("Location and Link are paths, set as headers: no URL is made of the caller's Host");
    }

    private static ArchRule whatOperatorsAskIsNamedSo() {
        return classes()
                .that(describe(
                        "are under /ops",
                        type -> !type.isInterface() && pathOf(type).startsWith("/ops")))
                .should(new ArchCondition<JavaClass>("be an XOpsResource, or in a package ops") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        if (!type.getSimpleName().endsWith("OpsResource")
                                && !type.getPackageName().endsWith(".ops")) {
                            events.add(SimpleConditionEvent.violated(type, type.getName() + " is " + pathOf(type)));
                        }
                    }
                })
                .as("what operators ask of a service is under /ops, in an XOpsResource");
    }

    private static String pathOf(JavaClass type) {
        return type.isAnnotatedWith(PATH)
                ? type.getAnnotationOfType(PATH).get("value").orElse("").toString()
                : "";
    }

    private static ArchRule restClientsAreNamedSoAndHidden() {
        return classes()
                .that(describe(
                        "are declared REST clients",
                        type -> type.isAnnotatedWith("org.eclipse.microprofile.rest.client.inject.RegisterRestClient")))
                .should()
                .haveSimpleNameEndingWith("RestClient")
                .andShould()
                .bePackagePrivate()
                .as("a declared REST client is an XRestClient that only the XClient in its package knows (style 2)");
    }

    private static ArchRule callsAreGuardedInOneMethod() {
        return classes()
                .that(describe("guard calls", type -> guarded(type).findAny().isPresent()))
                .should(new ArchCondition<JavaClass>("be an XClient with one guarded method") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        if (!type.getSimpleName().endsWith("Client")
                                || guarded(type).count() != 1) {
                            events.add(SimpleConditionEvent.violated(
                                    type, type.getName() + ": " + guarded(type).toList()));
                        }
                    }
                })
                .as("another service is called through an XClient, whose one method has the guard (style 2)");
    }

    private static Stream<String> guarded(JavaClass type) {
        return type.getMethods().stream()
                .filter(method -> method.getAnnotations().stream()
                        .anyMatch(one -> one.getRawType().getPackageName().equals(FAULT_TOLERANCE)))
                .map(JavaMethod::getName);
    }

    private static ArchRule whoHasADatabaseWarmsUp(String name) {
        return classes()
                .should(new ArchCondition<JavaClass>("have a warm-up where there is a database") {
                    private boolean hasDatabase;
                    private boolean warmsUp;

                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        hasDatabase |= type.getDirectDependenciesFromSelf().stream()
                                .anyMatch(use -> SQL_CLIENT.or(SESSIONS).test(use.getTargetClass()));
                        warmsUp |= type.getSimpleName().equals(name) && isA(type, "WarmUp");
                    }

                    @Override
                    public void finish(ConditionEvents events) {
                        if (hasDatabase && !warmsUp) {
                            events.add(SimpleConditionEvent.violated(name, "there is no " + name));
                        }
                    }
                })
                .as("a service with a database is warm before it is ready: <Service>WarmUp");
    }

    private static ArchRule whatPurgesRecurs() {
        return classes()
                .that()
                .haveSimpleNameEndingWith("Purge")
                .should(new ArchCondition<JavaClass>("recur") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        if (!isA(type, "RecurringTask")) {
                            events.add(SimpleConditionEvent.violated(type, type.getName()));
                        }
                    }
                })
                .as("an XPurge is a recurring task");
    }

    /** By its simple name, wherever in the platform it is. */
    private static boolean isA(JavaClass type, String platformType) {
        return type.isAssignableTo(describe(
                platformType,
                other -> other.getPackageName().startsWith("org.vitrina.")
                        && other.getSimpleName().equals(platformType)));
    }

    private static ArchRule onlyRepositoriesReachTheDatabase() {
        return noClasses()
                .that(describe("are no repositories", type -> withEnclosing(type)
                        .noneMatch(each -> each.getSimpleName().endsWith("Repository"))))
                .should()
                .dependOnClassesThat(SQL_CLIENT.or(SESSIONS))
                .as("only an XRepository reaches the database (style 2)");
    }

    private static ArchRule sqlByHandIsArgued() {
        return noClasses()
                .that(describe("have no reason for it", type -> withEnclosing(type)
                        .noneMatch(each -> SQL_BY_HAND.containsKey(each.getName()))))
                .should()
                .dependOnClassesThat(SQL_CLIENT)
                .as("a repository is Panache's; one with the SQL client has its reason in ServiceRules");
    }

    private static Stream<JavaClass> withEnclosing(JavaClass type) {
        return Stream.iterate(Optional.of(type), Optional::isPresent, inner -> inner.get()
                        .getEnclosingClass())
                .map(Optional::get);
    }

    private static ArchRule nothingIsInjectedIntoFields() {
        return fields().should()
                .notBeAnnotatedWith("jakarta.inject.Inject")
                .as("a bean is given what it needs by its constructor (style 7)");
    }

    private static ArchRule listsInBodiesAreLimited() {
        return methods()
                .that(describe("read a body", method -> WITH_BODY.stream().anyMatch(method::isAnnotatedWith)))
                .should(new ArchCondition<JavaMethod>("read no more of a list than its @Size") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        Set<JavaClass> seen = new HashSet<>();
                        method.getRawParameterTypes().forEach(type -> check(type, seen, events));
                    }

                    private void check(JavaClass type, Set<JavaClass> seen, ConditionEvents events) {
                        if (!type.getPackageName().startsWith("org.vitrina.") || !seen.add(type)) {
                            return;
                        }
                        for (JavaField field : type.getFields()) {
                            if (field.getModifiers().contains(JavaModifier.STATIC)) {
                                continue;
                            }
                            Set<JavaClass> involved = field.getType().getAllInvolvedRawTypes();
                            boolean many = involved.stream()
                                    .anyMatch(each -> each.isArray()
                                            || (each.getPackageName().equals("java.util")
                                                    && !each.isEquivalentTo(UUID.class)));
                            // a map is read to its end, which is that of a body of 64 KiB, and refused then
                            boolean limited = involved.stream()
                                            .anyMatch(each ->
                                                    each.isEquivalentTo(List.class) || each.isEquivalentTo(Map.class))
                                    && field.isAnnotatedWith(SIZE)
                                    && !field.getAnnotationOfType(SIZE)
                                            .get("max")
                                            .equals(Optional.of(Integer.MAX_VALUE));
                            if (many && !limited) {
                                events.add(
                                        SimpleConditionEvent.violated(field, field.getFullName() + " is any number"));
                            }
                            involved.forEach(each -> check(each, seen, events));
                        }
                    }
                })
                .as(
                        "a list in a body is a List with @Size(max), where its reading ends, or a Map with one; nothing else holds any number");
    }

    private static ArchRule packagesAreFeatures() {
        return noClasses().should().resideInAnyPackage(LAYERS).as("packages are features, not layers (style 1)");
    }
}
